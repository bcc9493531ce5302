package org.cellweave.dsl

/**
 * clone2vec's module tree: `c2v.pp`, `c2v.tl`, `c2v.pl`, `c2v.utils`. Two objects meet in it: cells, and `clones`, which
 * has a row for every clone and is made by `c2v.pp.clonesAdata`.
 */
public val c2v: ClonalAnalysis get() = ClonalAnalysis

/** What [c2v] refers to. */
public object ClonalAnalysis {
    /** From cells to clones and back. */
    public val pp: ClonalPreprocessing get() = ClonalPreprocessing

    /** Embeddings of clones, their alignment and what is asked of them. */
    public val tl: ClonalTools get() = ClonalTools

    /** Figures. */
    public val pl: ClonalPlotting get() = ClonalPlotting

    /** Smaller tools. */
    public val utils: ClonalUtilities get() = ClonalUtilities
}

/** Namespace of `c2v.pp`. */
public object ClonalPreprocessing

/** Namespace of `c2v.tl`. */
public object ClonalTools

/** Namespace of `c2v.pl`. */
public object ClonalPlotting

/** Namespace of `c2v.utils`. */
public object ClonalUtilities

/** What a verb does and takes: `c2v.help("tl.align")`, or `c2v.help("tl")` for the verbs of a namespace. */
public fun ClonalAnalysis.help(name: String = ""): Help = Help.of(name, root = "c2v")
