package org.cellweave.dsl

// Names of scanpy that have no verb here. The compiler refuses them with the sentence that says what to do instead.

/** Namespace of `sc.external.tl`. */
public object ExternalTools

/** Namespace of `sc.external.pl`. */
public object ExternalPlotting

/** Namespace of `sc.queries`, which asks web services. */
public object Queries

/** scanpy's `sc.queries`. */
public val Cellweave.queries: Queries get() = Queries

/** scanpy's `sc.external.tl`. */
public val External.tl: ExternalTools get() = ExternalTools

/** scanpy's `sc.external.pl`. */
public val External.pl: ExternalPlotting get() = ExternalPlotting

/** Elsewhere in Cellweave: sc.pl.embedding. */
@Deprecated("Elsewhere in Cellweave: sc.pl.embedding", level = DeprecationLevel.ERROR)
public val ExternalPlotting.embedding: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package harmonyTS. */
@Deprecated("Not in Cellweave: a wrapper of the Python package harmonyTS", level = DeprecationLevel.ERROR)
public val ExternalPlotting.harmonyTimeseries: Absent get() = Absent

/** Elsewhere in Cellweave: sc.pl.embedding(adata, "phate") on a file with X_phate. */
@Deprecated(
    "Elsewhere in Cellweave: sc.pl.embedding(adata, \"phate\") on a file with X_phate",
    level = DeprecationLevel.ERROR,
)
public val ExternalPlotting.phate: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package sam-algorithm. */
@Deprecated("Not in Cellweave: a wrapper of the Python package sam-algorithm", level = DeprecationLevel.ERROR)
public val ExternalPlotting.sam: Absent get() = Absent

/** Moved in scanpy, and here: sc.pl.scrubletScoreDistribution. */
@Deprecated("Moved in scanpy, and here: sc.pl.scrubletScoreDistribution", level = DeprecationLevel.ERROR)
public val ExternalPlotting.scrubletScoreDistribution: Absent get() = Absent

/** Elsewhere in Cellweave: sc.pl.embedding(adata, "trimap") on a file with X_trimap. */
@Deprecated(
    "Elsewhere in Cellweave: sc.pl.embedding(adata, \"trimap\") on a file with X_trimap",
    level = DeprecationLevel.ERROR,
)
public val ExternalPlotting.trimap: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package wishbone. */
@Deprecated("Not in Cellweave: a wrapper of the Python package wishbone", level = DeprecationLevel.ERROR)
public val ExternalPlotting.wishboneMarkerTrajectory: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package dca. */
@Deprecated("Not in Cellweave: a wrapper of the Python package dca", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.dca: Absent get() = Absent

/** Not in Cellweave: not yet. */
@Deprecated("Not in Cellweave: not yet", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.hashsolo: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package magic-impute. */
@Deprecated("Not in Cellweave: a wrapper of the Python package magic-impute", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.magic: Absent get() = Absent

/** Elsewhere in Cellweave: sc.pp.mnnCorrect and sc.pp.fastMnn, as batchelor has them. */
@Deprecated(
    "Elsewhere in Cellweave: sc.pp.mnnCorrect and sc.pp.fastMnn, as batchelor has them",
    level = DeprecationLevel.ERROR,
)
public val ExternalPreprocessing.mnnCorrect: Absent get() = Absent

/** Moved in scanpy, and here: sc.pp.scrubletSimulateDoublets. */
@Deprecated("Moved in scanpy, and here: sc.pp.scrubletSimulateDoublets", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.scrubletSimulateDoublets: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package pypairs. */
@Deprecated("Not in Cellweave: a wrapper of the Python package pypairs", level = DeprecationLevel.ERROR)
public val ExternalTools.cyclone: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package harmonyTS. */
@Deprecated("Not in Cellweave: a wrapper of the Python package harmonyTS", level = DeprecationLevel.ERROR)
public val ExternalTools.harmonyTimeseries: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package palantir. */
@Deprecated("Not in Cellweave: a wrapper of the Python package palantir", level = DeprecationLevel.ERROR)
public val ExternalTools.palantir: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package palantir. */
@Deprecated("Not in Cellweave: a wrapper of the Python package palantir", level = DeprecationLevel.ERROR)
public val ExternalTools.palantirResults: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package phate. */
@Deprecated("Not in Cellweave: a wrapper of the Python package phate", level = DeprecationLevel.ERROR)
public val ExternalTools.phate: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package PhenoGraph; sc.pp.neighbors and sc.tl.leiden are near to it. */
@Deprecated(
    "Not in Cellweave: a wrapper of the Python package PhenoGraph; sc.pp.neighbors and sc.tl.leiden are " +
        "near to it",
    level = DeprecationLevel.ERROR,
)
public val ExternalTools.phenograph: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package sam-algorithm. */
@Deprecated("Not in Cellweave: a wrapper of the Python package sam-algorithm", level = DeprecationLevel.ERROR)
public val ExternalTools.sam: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package pypairs. */
@Deprecated("Not in Cellweave: a wrapper of the Python package pypairs", level = DeprecationLevel.ERROR)
public val ExternalTools.sandbag: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package trimap. */
@Deprecated("Not in Cellweave: a wrapper of the Python package trimap", level = DeprecationLevel.ERROR)
public val ExternalTools.trimap: Absent get() = Absent

/** Not in Cellweave: a wrapper of the Python package wishbone. */
@Deprecated("Not in Cellweave: a wrapper of the Python package wishbone", level = DeprecationLevel.ERROR)
public val ExternalTools.wishbone: Absent get() = Absent

/** Older scanpy; here it is sc.pp.highlyVariableGenes. */
@Deprecated("Older scanpy; here it is sc.pp.highlyVariableGenes", level = DeprecationLevel.ERROR)
public val Preprocessing.filterGenesDispersion: Absent get() = Absent

/** Not in Cellweave: asks a web service; use its page or Python. */
@Deprecated("Not in Cellweave: asks a web service; use its page or Python", level = DeprecationLevel.ERROR)
public val Queries.biomartAnnotations: Absent get() = Absent

/** Not in Cellweave: asks a web service; use its page or Python. */
@Deprecated("Not in Cellweave: asks a web service; use its page or Python", level = DeprecationLevel.ERROR)
public val Queries.enrich: Absent get() = Absent

/** Not in Cellweave: asks a web service; use its page or Python. */
@Deprecated("Not in Cellweave: asks a web service; use its page or Python", level = DeprecationLevel.ERROR)
public val Queries.geneCoordinates: Absent get() = Absent

/** Not in Cellweave: asks a web service; select names that begin with MT- instead. */
@Deprecated(
    "Not in Cellweave: asks a web service; select names that begin with MT- instead",
    level = DeprecationLevel.ERROR,
)
public val Queries.mitochondrialGenes: Absent get() = Absent

/** What a name stands for that the compiler refuses; it takes arguments so that the refusal is all that is said. */
public object Absent {
    /** Never called. */
    public operator fun invoke(vararg arguments: Any?): Nothing =
        throw UnsupportedOperationException("the compiler refuses this name, got ${arguments.size} arguments")
}
