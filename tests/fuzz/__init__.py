"""Generated input for the judge: no crash, no hang, no wrong proof."""
