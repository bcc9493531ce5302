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
public val ExternalPlotting.embedding: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package harmonyTS. */
@Deprecated("Not in Cellweave: a wrapper of the Python package harmonyTS", level = DeprecationLevel.ERROR)
public val ExternalPlotting.harmonyTimeseries: Nothing get() = absent()

/** Elsewhere in Cellweave: sc.pl.embedding(adata, "phate") on a file with X_phate. */
@Deprecated(
    "Elsewhere in Cellweave: sc.pl.embedding(adata, \"phate\") on a file with X_phate",
    level = DeprecationLevel.ERROR,
)
public val ExternalPlotting.phate: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package sam-algorithm. */
@Deprecated("Not in Cellweave: a wrapper of the Python package sam-algorithm", level = DeprecationLevel.ERROR)
public val ExternalPlotting.sam: Nothing get() = absent()

/** Moved in scanpy, and here: sc.pl.scrubletScoreDistribution. */
@Deprecated("Moved in scanpy, and here: sc.pl.scrubletScoreDistribution", level = DeprecationLevel.ERROR)
public val ExternalPlotting.scrubletScoreDistribution: Nothing get() = absent()

/** Elsewhere in Cellweave: sc.pl.embedding(adata, "trimap") on a file with X_trimap. */
@Deprecated(
    "Elsewhere in Cellweave: sc.pl.embedding(adata, \"trimap\") on a file with X_trimap",
    level = DeprecationLevel.ERROR,
)
public val ExternalPlotting.trimap: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package wishbone. */
@Deprecated("Not in Cellweave: a wrapper of the Python package wishbone", level = DeprecationLevel.ERROR)
public val ExternalPlotting.wishboneMarkerTrajectory: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package dca. */
@Deprecated("Not in Cellweave: a wrapper of the Python package dca", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.dca: Nothing get() = absent()

/** Not in Cellweave: not yet. */
@Deprecated("Not in Cellweave: not yet", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.hashsolo: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package magic-impute. */
@Deprecated("Not in Cellweave: a wrapper of the Python package magic-impute", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.magic: Nothing get() = absent()

/** Elsewhere in Cellweave: sc.pp.mnnCorrect and sc.pp.fastMnn, as batchelor has them. */
@Deprecated(
    "Elsewhere in Cellweave: sc.pp.mnnCorrect and sc.pp.fastMnn, as batchelor has them",
    level = DeprecationLevel.ERROR,
)
public val ExternalPreprocessing.mnnCorrect: Nothing get() = absent()

/** Moved in scanpy, and here: sc.pp.scrublet. */
@Deprecated("Moved in scanpy, and here: sc.pp.scrublet", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.scrublet: Nothing get() = absent()

/** Moved in scanpy, and here: sc.pp.scrubletSimulateDoublets. */
@Deprecated("Moved in scanpy, and here: sc.pp.scrubletSimulateDoublets", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.scrubletSimulateDoublets: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package pypairs. */
@Deprecated("Not in Cellweave: a wrapper of the Python package pypairs", level = DeprecationLevel.ERROR)
public val ExternalTools.cyclone: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package harmonyTS. */
@Deprecated("Not in Cellweave: a wrapper of the Python package harmonyTS", level = DeprecationLevel.ERROR)
public val ExternalTools.harmonyTimeseries: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package palantir. */
@Deprecated("Not in Cellweave: a wrapper of the Python package palantir", level = DeprecationLevel.ERROR)
public val ExternalTools.palantir: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package palantir. */
@Deprecated("Not in Cellweave: a wrapper of the Python package palantir", level = DeprecationLevel.ERROR)
public val ExternalTools.palantirResults: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package phate. */
@Deprecated("Not in Cellweave: a wrapper of the Python package phate", level = DeprecationLevel.ERROR)
public val ExternalTools.phate: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package PhenoGraph; sc.pp.neighbors and sc.tl.leiden are near to it. */
@Deprecated(
    "Not in Cellweave: a wrapper of the Python package PhenoGraph; sc.pp.neighbors and sc.tl.leiden are " +
        "near to it",
    level = DeprecationLevel.ERROR,
)
public val ExternalTools.phenograph: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package sam-algorithm. */
@Deprecated("Not in Cellweave: a wrapper of the Python package sam-algorithm", level = DeprecationLevel.ERROR)
public val ExternalTools.sam: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package pypairs. */
@Deprecated("Not in Cellweave: a wrapper of the Python package pypairs", level = DeprecationLevel.ERROR)
public val ExternalTools.sandbag: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package trimap. */
@Deprecated("Not in Cellweave: a wrapper of the Python package trimap", level = DeprecationLevel.ERROR)
public val ExternalTools.trimap: Nothing get() = absent()

/** Not in Cellweave: a wrapper of the Python package wishbone. */
@Deprecated("Not in Cellweave: a wrapper of the Python package wishbone", level = DeprecationLevel.ERROR)
public val ExternalTools.wishbone: Nothing get() = absent()

/** Older scanpy; here it is sc.pp.highlyVariableGenes. */
@Deprecated("Older scanpy; here it is sc.pp.highlyVariableGenes", level = DeprecationLevel.ERROR)
public val Preprocessing.filterGenesDispersion: Nothing get() = absent()

/** Older scanpy; here it is sc.pp.normalizeTotal. */
@Deprecated("Older scanpy; here it is sc.pp.normalizeTotal", level = DeprecationLevel.ERROR)
public val Preprocessing.normalizePerCell: Nothing get() = absent()

/** Not in Cellweave: asks a web service; use its page or Python. */
@Deprecated("Not in Cellweave: asks a web service; use its page or Python", level = DeprecationLevel.ERROR)
public val Queries.biomartAnnotations: Nothing get() = absent()

/** Not in Cellweave: asks a web service; use its page or Python. */
@Deprecated("Not in Cellweave: asks a web service; use its page or Python", level = DeprecationLevel.ERROR)
public val Queries.enrich: Nothing get() = absent()

/** Not in Cellweave: asks a web service; use its page or Python. */
@Deprecated("Not in Cellweave: asks a web service; use its page or Python", level = DeprecationLevel.ERROR)
public val Queries.geneCoordinates: Nothing get() = absent()

/** Not in Cellweave: asks a web service; select names that begin with MT- instead. */
@Deprecated(
    "Not in Cellweave: asks a web service; select names that begin with MT- instead",
    level = DeprecationLevel.ERROR,
)
public val Queries.mitochondrialGenes: Nothing get() = absent()

private fun absent(): Nothing = throw UnsupportedOperationException("the compiler refuses this name")
