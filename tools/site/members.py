"""Pages of the objects that scripts hold, and of the names that stand for Python's packages, with all that they can be asked."""

import re

import verbs as index

# Namespaces of Python's packages: their page, and what stands on it, by path; `np.random` is an object of its own.
PACKAGES = {
    "ad": ("anndata", ["ad", "ad.experimental"]),
    "np": ("numpy", ["np", "np.linalg"]),
    "np.random": ("numpy.random", ["RandomNumbers"]),
    "pd": ("pandas", ["pd"]),
    "plt": ("matplotlib.pyplot", ["plt", "plt.style", "rcParams"]),
    "sns": ("seaborn", ["sns"]),
    "sparse": ("scipy.sparse", ["sparse"]),
    "stats": ("scipy.stats", ["stats"]),
    "os": ("os", ["os", "os.path"]),
}
# Classes with the words for a value of theirs; what a class has from others stands on their pages.
OBJECTS = {
    "AnnData": ("cells by genes with all that is known of them: `adata`", []),
    "Raw": ("the snapshot of an object: `adata.raw`", []),
    "MuData": ("several modalities of the same cells: `mdata`", []),
    "AxisSlots": ("arrays by name: `adata.layers`, `adata.obsm`, `adata.obsp`", []),
    "DataFrame": ("a table: `adata.obs`, `adata.vars`, `pd.DataFrame(...)`", []),
    "Column": ('a column of a table: `adata.obs["leiden"]`; pandas\' Series', []),
    "Row": ("a row of a table: `df.iloc[0]`", []),
    "TableGroups": ('a table in groups: `df.groupby("leiden")`', []),
    "TextOperations": ("texts of a column or an index: `column.str`", []),
    "CategoryOperations": ("categories of a column: `column.cat`", []),
    "FrameDrawing": ("charts of a table or a column: `df.plot`, `column.plot`", []),
    "AxisArray": ("any matrix, sparse or dense, and what else `obsm` holds: `adata.X`", []),
    "Matrix": ("a matrix, sparse or dense: `adata.X`", ["AxisArray"]),
    "DenseMatrix": ("a matrix with every value: `adata.X.toarray()`", ["Matrix", "AxisArray"]),
    "CsrMatrix": ("a sparse matrix by rows: `csrMatrix(x)`", ["Matrix", "AxisArray"]),
    "DoubleArray": ("an array of numbers: `np.array(listOf(0.5, 1.0))`, `x.sum(axis = 1)`", []),
    "IntArray": ("an array of whole numbers: `np.arange(5)`", []),
    "BooleanArray": ('a mask: `adata.obs["n_genes"] gt 200`', []),
    "TextArray": ('an array of texts: `np.array(listOf("a", "b"))`', []),
    "Figure": ("what a verb of `sc.pl` draws: `sc.pl.umap(adata)`", ["Axes"]),
    "Axes": ("a panel of a figure: `ax` of `val (fig, ax) = plt.subplots()`", []),
    "AxesArray": ("panels of a figure: `axs` of `val (fig, axs) = plt.subplots(1, 2)`", []),
    "Legend": ("the keys of a panel: `ax.legend_`", []),
    "FacetGrid": ("seaborn's grid of panels: `sns.FacetGrid(df, row = \"group\")`", []),
}
# How Kotlin writes calls of these names.
WRITTEN = {
    "get": "x[...]", "set": "x[...] = value", "plus": "x + y", "minus": "x - y", "times": "x * y", "div": "x / y", "rem": "x % y",
    "not": "!x", "unaryMinus": "-x", "contains": "value in x", "iterator": "for (value in x)",
}  # fmt: skip


def page(name):
    return f"members/{name}"


def forms():
    """Forms of each member by page and full name, sorted; `np.random` of `RandomNumbers`."""
    every = index.listed.index()
    found = every["verbs"] + every["members"]
    out = {}
    for place, spaces in [(p, spaces) for p, (_, spaces) in PACKAGES.items()] + [(o, [o]) for o in OBJECTS]:
        members = {}
        for form in found:
            if form["namespace"] in spaces:
                name = form["name"].removesuffix(".invoke")
                if place == "np.random":
                    name = name.replace("RandomNumbers", place)
                members.setdefault(name, []).append(form)
        # Kotlin's own component functions only take values apart.
        out[place] = {n: members[n] for n in sorted(members, key=str.lower) if not re.search(r"\.component\d$", n)}
    return out


def intro(name):
    if name in PACKAGES:
        return f"What scripts have of Python's `{PACKAGES[name][0]}`, under the same names in camelCase; no import is needed.\n"
    said, bases = OBJECTS[name]
    text = f"What can be asked of {said}.\n"
    if bases:
        text += f"\nBesides, it has what {' and '.join(f'[{b}]({b}.md)' for b in bases)} {'have' if bases[1:] else 'has'}.\n"
    return text


def told(form):
    return re.sub(r"\s+", " ", form.get("summary", "")).strip().rstrip(" ,.")
