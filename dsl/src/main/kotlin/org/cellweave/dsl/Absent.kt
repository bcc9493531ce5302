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

/** sc.pl.embedding. */
@Deprecated("sc.pl.embedding", level = DeprecationLevel.ERROR)
public val ExternalPlotting.embedding: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package harmonyTS. */
@Deprecated("A wrapper of the Python package harmonyTS", level = DeprecationLevel.ERROR)
public val ExternalPlotting.harmonyTimeseries: Nothing get() = throw UnsupportedOperationException()

/** sc.pl.embedding(adata, "phate") on a file with X_phate. */
@Deprecated("sc.pl.embedding(adata, \"phate\") on a file with X_phate", level = DeprecationLevel.ERROR)
public val ExternalPlotting.phate: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package sam-algorithm. */
@Deprecated("A wrapper of the Python package sam-algorithm", level = DeprecationLevel.ERROR)
public val ExternalPlotting.sam: Nothing get() = throw UnsupportedOperationException()

/** Moved in scanpy; sc.pl.scrubletScoreDistribution. */
@Deprecated("Moved in scanpy; sc.pl.scrubletScoreDistribution", level = DeprecationLevel.ERROR)
public val ExternalPlotting.scrubletScoreDistribution: Nothing get() = throw UnsupportedOperationException()

/** sc.pl.embedding(adata, "trimap") on a file with X_trimap. */
@Deprecated("sc.pl.embedding(adata, \"trimap\") on a file with X_trimap", level = DeprecationLevel.ERROR)
public val ExternalPlotting.trimap: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package wishbone. */
@Deprecated("A wrapper of the Python package wishbone", level = DeprecationLevel.ERROR)
public val ExternalPlotting.wishboneMarkerTrajectory: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package dca. */
@Deprecated("A wrapper of the Python package dca", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.dca: Nothing get() = throw UnsupportedOperationException()

/** Not yet. */
@Deprecated("Not yet", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.hashsolo: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package magic-impute. */
@Deprecated("A wrapper of the Python package magic-impute", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.magic: Nothing get() = throw UnsupportedOperationException()

/** Built in: sc.pp.mnnCorrect and sc.pp.fastMnn, as batchelor has them. */
@Deprecated("Built in: sc.pp.mnnCorrect and sc.pp.fastMnn, as batchelor has them", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.mnnCorrect: Nothing get() = throw UnsupportedOperationException()

/** Moved in scanpy; sc.pp.scrublet. */
@Deprecated("Moved in scanpy; sc.pp.scrublet", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.scrublet: Nothing get() = throw UnsupportedOperationException()

/** Moved in scanpy; sc.pp.scrubletSimulateDoublets. */
@Deprecated("Moved in scanpy; sc.pp.scrubletSimulateDoublets", level = DeprecationLevel.ERROR)
public val ExternalPreprocessing.scrubletSimulateDoublets: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package pypairs. */
@Deprecated("A wrapper of the Python package pypairs", level = DeprecationLevel.ERROR)
public val ExternalTools.cyclone: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package harmonyTS. */
@Deprecated("A wrapper of the Python package harmonyTS", level = DeprecationLevel.ERROR)
public val ExternalTools.harmonyTimeseries: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package palantir. */
@Deprecated("A wrapper of the Python package palantir", level = DeprecationLevel.ERROR)
public val ExternalTools.palantir: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package palantir. */
@Deprecated("A wrapper of the Python package palantir", level = DeprecationLevel.ERROR)
public val ExternalTools.palantirResults: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package phate. */
@Deprecated("A wrapper of the Python package phate", level = DeprecationLevel.ERROR)
public val ExternalTools.phate: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package PhenoGraph; sc.pp.neighbors and sc.tl.leiden are near to it. */
@Deprecated(
    "A wrapper of the Python package PhenoGraph; sc.pp.neighbors and sc.tl.leiden are near to it",
    level = DeprecationLevel.ERROR,
)
public val ExternalTools.phenograph: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package sam-algorithm. */
@Deprecated("A wrapper of the Python package sam-algorithm", level = DeprecationLevel.ERROR)
public val ExternalTools.sam: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package pypairs. */
@Deprecated("A wrapper of the Python package pypairs", level = DeprecationLevel.ERROR)
public val ExternalTools.sandbag: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package trimap. */
@Deprecated("A wrapper of the Python package trimap", level = DeprecationLevel.ERROR)
public val ExternalTools.trimap: Nothing get() = throw UnsupportedOperationException()

/** A wrapper of the Python package wishbone. */
@Deprecated("A wrapper of the Python package wishbone", level = DeprecationLevel.ERROR)
public val ExternalTools.wishbone: Nothing get() = throw UnsupportedOperationException()

/** Deprecated in scanpy; sc.pp.highlyVariableGenes. */
@Deprecated("Deprecated in scanpy; sc.pp.highlyVariableGenes", level = DeprecationLevel.ERROR)
public val Preprocessing.filterGenesDispersion: Nothing get() = throw UnsupportedOperationException()

/** Deprecated in scanpy; sc.pp.normalizeTotal. */
@Deprecated("Deprecated in scanpy; sc.pp.normalizeTotal", level = DeprecationLevel.ERROR)
public val Preprocessing.normalizePerCell: Nothing get() = throw UnsupportedOperationException()

/** Asks a web service; use its page or Python. */
@Deprecated("Asks a web service; use its page or Python", level = DeprecationLevel.ERROR)
public val Queries.biomartAnnotations: Nothing get() = throw UnsupportedOperationException()

/** Asks a web service; use its page or Python. */
@Deprecated("Asks a web service; use its page or Python", level = DeprecationLevel.ERROR)
public val Queries.enrich: Nothing get() = throw UnsupportedOperationException()

/** Asks a web service; use its page or Python. */
@Deprecated("Asks a web service; use its page or Python", level = DeprecationLevel.ERROR)
public val Queries.geneCoordinates: Nothing get() = throw UnsupportedOperationException()

/** Asks a web service; select names that begin with MT- instead. */
@Deprecated("Asks a web service; select names that begin with MT- instead", level = DeprecationLevel.ERROR)
public val Queries.mitochondrialGenes: Nothing get() = throw UnsupportedOperationException()
