"""The words of mathematical text: functions, spaces, relations, styles, in every spelling."""

from __future__ import annotations

# What people call a function → what it is called here.
FUNCTIONS = {
    "log": "log", "ln": "log", "exp": "exp", "tanh": "tanh", "sinh": "sinh", "cosh": "cosh",
    "sech": "sech", "coth": "coth", "sqrt": "sqrt", "max": "max", "min": "min",
    "softmax": "softmax", "Softmax": "softmax", "SoftMax": "softmax", "softplus": "softplus",
    "Softplus": "softplus", "sigmoid": "sigmoid", "Sigmoid": "sigmoid", "sigm": "sigmoid",
    "logsumexp": "logsumexp", "LogSumExp": "logsumexp", "LSE": "logsumexp", "lse": "logsumexp",
    "logsoftmax": "logsoftmax", "logsigmoid": "logsigmoid", "diag": "diag", "Diag": "diag",
    "ReLU": "relu", "relu": "relu", "sgn": "sign", "sign": "sign", "logit": "logit", "tr": "trace",
    "argmax": "argmax", "argmin": "argmin", "lim": "lim", "inf": "inf", "sup": "sup",
    "log2": "log2", "lg": "log10", "hardmax": "hardmax", "sum": "sum", "det": "det",
}  # fmt: skip

# These take what stands next to them as their argument, with or without brackets.
PREFIX = {
    "log", "exp", "tanh", "sinh", "cosh", "sech", "coth", "softmax", "softplus", "sigmoid",
    "logsumexp", "logsoftmax", "logsigmoid", "relu", "sign", "logit", "diag", "sqrt", "log2",
    "log10",
}  # fmt: skip

GREEK_LETTERS = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi",
    "χ": "chi", "ψ": "psi", "ω": "omega", "ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta",
    "ς": "varsigma", "ℓ": "ell", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda",
    "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
LETTERS = set(GREEK_LETTERS.values()) | {
    "varepsilon", "varphi", "vartheta", "varrho", "varsigma", "hbar", "Upsilon", "imath", "jmath",
}  # fmt: skip
SAME_LETTER = {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "varrho": "rho"}

SIGNS = {
    "−": "-", "–": "-", "×": r"\times ", "·": r"\cdot ", "⋅": r"\cdot ", "∗": "*", "⊙": r"\odot ",
    "∘": r"\circ ", "∂": r"\partial ", "∑": r"\sum ", "∏": r"\prod ", "∇": r"\nabla ",
    "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "≈": r"\approx ", "∝": r"\propto ", "→": r"\to ",
    "⇒": r"\Rightarrow ", "∞": r"\infty ", "…": r"\dots ", "⋯": r"\cdots ", "√": r"\sqrt ",
    "ᵀ": "^T", "⊤": r"\top ", "≡": r"\equiv ", "∈": r"\in ", "∀": r"\forall ", "′": "'",
    "’": "'", "，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "＝": "=", "∼": r"\sim ",
    "𝟙": r"\mathbb{1}", "⟨": "(", "⟩": ")", "∣": "|", "‖": r"\|", "。": ".", "、": ",", "≔": ":=",
    "【": "[", "】": "]", "⊗": r"\otimes ", "∴": r"\therefore ", "∵": r"\because ",
}  # fmt: skip

DROPPED = {
    "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag",
    "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr",
    "biggl", "biggr", "Biggl", "Biggr", "bigm", "Bigm", "hfill", "centering", "allowbreak",
    "strut", "hline", "noindent", "smash", "ensuremath", "underbrace", "overbrace", "boxed",
    "mathstrut", "relax", "bf", "rm", "it", "cal", "par",
}  # fmt: skip
SPACES = {
    ",",
    ";",
    ":",
    "!",
    " ",
    "thinspace",
    "enspace",
    "medspace",
    "negthinspace",
    "/",
    "@",
    "\n",
    "\t",
}
SEPARATORS = {
    "quad", "qquad", "Rightarrow", "implies", "rightarrow", "to", "longrightarrow",
    "Longrightarrow", "therefore", "because", "forall", "Leftrightarrow", "iff", "hspace",
    "Leftarrow", "leftarrow", "land", "wedge", "hskip", "leadsto", "mapsto",
}  # fmt: skip
IMPLIES = {
    "Rightarrow", "implies", "Longrightarrow", "iff", "Leftrightarrow", "therefore", "leadsto",
}  # fmt: skip
WITH_ARGUMENT = {"label", "tag", "hspace", "vspace", "ref", "eqref", "cite", "color", "phantom",
                 "hphantom", "vphantom", "hskip", "footnote", "intertext"}  # fmt: skip
STYLES = {
    "mathbf", "boldsymbol", "bm", "pmb", "mathbb", "mathit", "mathsf", "vec", "overrightarrow",
    "mathnormal", "underline", "symbf", "mathtt", "bold", "boldmath",
}  # fmt: skip
SCRIPTS = {"mathcal": "cal", "mathscr": "scr", "mathfrak": "frak"}
ACCENTS = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde",
           "widetilde": "tilde", "dot": "dot", "ddot": "ddot", "check": "check"}  # fmt: skip
TEXTS = {"text", "textrm", "textbf", "textit", "mbox", "textnormal", "mathrm", "operatorname",
         "texttt", "textsf", "hbox", "emph", "mathop"}  # fmt: skip

RELATIONS = {
    "=": "=", "approx": "≈", "simeq": "≈", "doteq": "≈", "equiv": "=", "le": "≤", "leq": "≤",
    "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "<": "<", ">": ">", "lt": "<",
    "gt": ">", "ne": "≠", "neq": "≠", "propto": "∝", "sim": "~", "in": "∈", "triangleq": ":=",
    "coloneqq": ":=", "ll": "≪", "gg": "≫", "notin": "∉", "cong": "≈", "thickapprox": "≈",
    "approxeq": "≈", "coloneq": ":=",
}  # fmt: skip
OPEN = {"(": ")", "[": "]", "{": "}", r"\{": r"\}", "lvert": "rvert", "langle": "rangle",
        "lfloor": "rfloor", "lceil": "rceil", "lbrace": "rbrace", "lbrack": "rbrack",
        "lVert": "rVert"}  # fmt: skip
CLOSE = set(OPEN.values()) | {"null"}
STOPWORDS = {
    "if", "for", "when", "where", "otherwise", "else", "and", "or", "with", "then", "so", "since",
    "as", "is", "are", "the", "of", "on", "all", "by", "we", "not", "any", "only", "case", "let",
    "thus", "hence", "because", "therefore", "that", "at", "in", "to", "have", "get", "which",
    "sonst", "falls", "wenn", "si", "se", "caso", "sinon", "from", "now", "both", "iff",
    "this", "here", "note", "also", "using", "const", "constant", "each", "every", "undefined",
}  # fmt: skip
DOTS = {"dots", "cdots", "ldots", "vdots", "ddots", "dotsc", "dotsb", "dotsm", "dotso", "hdots"}
TRANSPOSES = {"T", "top", "intercal", "mathsf T", "t", "mathrm T"}
