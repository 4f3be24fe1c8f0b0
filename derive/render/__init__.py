"""Write-ups: one mathematical printer, one document, several formats."""
