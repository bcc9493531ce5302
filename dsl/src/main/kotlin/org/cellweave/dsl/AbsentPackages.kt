package org.cellweave.dsl

// Names of other packages of Python that notebooks use beside scanpy. See Absent.kt.

/** scanpy has it in sc.pp; write sc.pp.subsample(adata, fraction = 0.1). */
@Deprecated("scanpy has it in sc.pp; write sc.pp.subsample(adata, fraction = 0.1)", level = DeprecationLevel.ERROR)
public val Tools.subsample: Absent get() = Absent

/** Moved in scanpy: write sc.pp.neighbors. */
@Deprecated("Moved in scanpy: write sc.pp.neighbors", level = DeprecationLevel.ERROR)
public val Tools.neighbors: Absent get() = Absent

/** Moved in scanpy, and not in Cellweave: PHATE is a Python package; near to it are sc.tl.umap and sc.tl.diffmap. */
@Deprecated(
    "Moved in scanpy, and not in Cellweave: PHATE is a Python package; near to it are sc.tl.umap and sc.tl.diffmap",
    level = DeprecationLevel.ERROR,
)
public val Tools.phate: Absent get() = Absent

/** Moved in scanpy, and not in Cellweave: MAGIC is a Python package; scvi's getNormalizedExpression smooths too. */
@Deprecated(
    "Moved in scanpy, and not in Cellweave: MAGIC is a Python package; scvi's getNormalizedExpression smooths too",
    level = DeprecationLevel.ERROR,
)
public val Preprocessing.magic: Absent get() = Absent

/** Not in Cellweave: totalVI; sc.tl.wnn joins RNA and proteins, sc.pp.integrate and sc.tl.midas integrate them. */
@Deprecated(
    "Not in Cellweave: totalVI; sc.tl.wnn joins RNA and proteins, sc.pp.integrate and sc.tl.midas integrate them",
    level = DeprecationLevel.ERROR,
)
public val ModelPaths.TOTALVI: Absent get() = Absent

/** Not in Cellweave: PeakVI; sc.pp.tfidf and sc.tl.lsi embed peaks. */
@Deprecated("Not in Cellweave: PeakVI; sc.pp.tfidf and sc.tl.lsi embed peaks", level = DeprecationLevel.ERROR)
public val ModelPaths.PEAKVI: Absent get() = Absent

/** Not in Cellweave: MultiVI; sc.tl.midas and sc.tl.multimap join modalities. */
@Deprecated("Not in Cellweave: MultiVI; sc.tl.midas and sc.tl.multimap join modalities", level = DeprecationLevel.ERROR)
public val ModelPaths.MULTIVI: Absent get() = Absent

/** Not in Cellweave: AutoZI; scvi.SCVI takes geneLikelihood = "zinb" and "nb". */
@Deprecated(
    "Not in Cellweave: AutoZI; scvi.SCVI takes geneLikelihood = \"zinb\" and \"nb\"",
    level = DeprecationLevel.ERROR,
)
public val ModelPaths.AUTOZI: Absent get() = Absent

/** Not in Cellweave: CondSCVI and DestVI, which deconvolve spots. */
@Deprecated("Not in Cellweave: CondSCVI and DestVI, which deconvolve spots", level = DeprecationLevel.ERROR)
public val ModelPaths.CondSCVI: Absent get() = Absent

/** Not in Cellweave: CondSCVI and DestVI, which deconvolve spots. */
@Deprecated("Not in Cellweave: CondSCVI and DestVI, which deconvolve spots", level = DeprecationLevel.ERROR)
public val ModelPaths.DestVI: Absent get() = Absent

/** Not in Cellweave: topics; sc.tl.inmf finds factors of genes. */
@Deprecated("Not in Cellweave: topics; sc.tl.inmf finds factors of genes", level = DeprecationLevel.ERROR)
public val ModelPaths.AmortizedLDA: Absent get() = Absent

/** Not in Cellweave: SOLO; sc.pp.scrublet(adata) finds doublets. */
@Deprecated("Not in Cellweave: SOLO; sc.pp.scrublet(adata) finds doublets", level = DeprecationLevel.ERROR)
public val ExternalModelPaths.SOLO: Absent get() = Absent

/** Not in Cellweave: CellAssign; scvi.SCANVI learns labels, sc.tl.ingest takes them over. */
@Deprecated(
    "Not in Cellweave: CellAssign; scvi.SCANVI learns labels, sc.tl.ingest takes them over",
    level = DeprecationLevel.ERROR,
)
public val ExternalModelPaths.CellAssign: Absent get() = Absent

/** Not in Cellweave: gimVI; sc.tl.imputeEmbedding imputes genes by neighbours in a reference. */
@Deprecated(
    "Not in Cellweave: gimVI; sc.tl.imputeEmbedding imputes genes by neighbours in a reference",
    level = DeprecationLevel.ERROR,
)
public val ExternalModelPaths.GIMVI: Absent get() = Absent

/** Not in Cellweave: Stereoscope, which deconvolves spots. */
@Deprecated("Not in Cellweave: Stereoscope, which deconvolves spots", level = DeprecationLevel.ERROR)
public val ExternalModelPaths.Stereoscope: Absent get() = Absent

/** Not in Cellweave: MrVI; scvi.SCVI with differentialAbundance compares samples. */
@Deprecated(
    "Not in Cellweave: MrVI; scvi.SCVI with differentialAbundance compares samples",
    level = DeprecationLevel.ERROR,
)
public val ExternalModelPaths.MRVI: Absent get() = Absent

/** Not in Cellweave: SysVI; scvi.SCVI and sc.pp.harmonyIntegrate integrate systems. */
@Deprecated(
    "Not in Cellweave: SysVI; scvi.SCVI and sc.pp.harmonyIntegrate integrate systems",
    level = DeprecationLevel.ERROR,
)
public val ExternalModelPaths.SysVI: Absent get() = Absent

/** Not in Cellweave: velocities; use scVelo in Python on the written file. */
@Deprecated("Not in Cellweave: velocities; use scVelo in Python on the written file", level = DeprecationLevel.ERROR)
public val ExternalModelPaths.VELOVI: Absent get() = Absent

/** Not in Cellweave: squidpy; sc.pl.spatial draws a slide, sc.metrics.moransI and gearysC measure genes on a graph. */
@Deprecated(
    "Not in Cellweave: squidpy; sc.pl.spatial draws a slide, sc.metrics.moransI and gearysC measure genes on a graph",
    level = DeprecationLevel.ERROR,
)
public val sq: Absent get() = Absent

/** Not in Cellweave: squidpy; sc.pl.spatial draws a slide, sc.metrics.moransI and gearysC measure genes on a graph. */
@Deprecated(
    "Not in Cellweave: squidpy; sc.pl.spatial draws a slide, sc.metrics.moransI and gearysC measure genes on a graph",
    level = DeprecationLevel.ERROR,
)
public val squidpy: Absent get() = Absent

/** Not in Cellweave: decoupler; sc.tl.scoreGenes scores sets of genes, sc.get.pseudobulk sums samples. */
@Deprecated(
    "Not in Cellweave: decoupler; sc.tl.scoreGenes scores sets of genes, sc.get.pseudobulk sums samples",
    level = DeprecationLevel.ERROR,
)
public val dc: Absent get() = Absent

/** Not in Cellweave: decoupler; sc.tl.scoreGenes scores sets of genes, sc.get.pseudobulk sums samples. */
@Deprecated(
    "Not in Cellweave: decoupler; sc.tl.scoreGenes scores sets of genes, sc.get.pseudobulk sums samples",
    level = DeprecationLevel.ERROR,
)
public val decoupler: Absent get() = Absent

/** Not in Cellweave: scirpy; c2v has clones of cells, receptors are read and joined in Python. */
@Deprecated(
    "Not in Cellweave: scirpy; c2v has clones of cells, receptors are read and joined in Python",
    level = DeprecationLevel.ERROR,
)
public val ir: Absent get() = Absent

/** Not in Cellweave: scirpy; c2v has clones of cells, receptors are read and joined in Python. */
@Deprecated(
    "Not in Cellweave: scirpy; c2v has clones of cells, receptors are read and joined in Python",
    level = DeprecationLevel.ERROR,
)
public val scirpy: Absent get() = Absent

/** Not in Cellweave: scVelo; use it in Python on the file that adata.write makes. */
@Deprecated(
    "Not in Cellweave: scVelo; use it in Python on the file that adata.write makes",
    level = DeprecationLevel.ERROR,
)
public val scv: Absent get() = Absent

/** Not in Cellweave: CellRank; sc.tl.paga, sc.tl.diffmap and sc.tl.dpt order cells, else use it in Python. */
@Deprecated(
    "Not in Cellweave: CellRank; sc.tl.paga, sc.tl.diffmap and sc.tl.dpt order cells, else use it in Python",
    level = DeprecationLevel.ERROR,
)
public val cr: Absent get() = Absent

/** Not in Cellweave: CellRank; sc.tl.paga, sc.tl.diffmap and sc.tl.dpt order cells, else use it in Python. */
@Deprecated(
    "Not in Cellweave: CellRank; sc.tl.paga, sc.tl.diffmap and sc.tl.dpt order cells, else use it in Python",
    level = DeprecationLevel.ERROR,
)
public val cellrank: Absent get() = Absent

/** Not in Cellweave: CellTypist; sc.tl.ingest and scvi.SCANVI take labels over from a reference. */
@Deprecated(
    "Not in Cellweave: CellTypist; sc.tl.ingest and scvi.SCANVI take labels over from a reference",
    level = DeprecationLevel.ERROR,
)
public val celltypist: Absent get() = Absent

/** Not in Cellweave: gseapy, which asks a web service; write the genes with toCsv, and use its page or Python. */
@Deprecated(
    "Not in Cellweave: gseapy, which asks a web service; write the genes with toCsv, and use its page or Python",
    level = DeprecationLevel.ERROR,
)
public val gp: Absent get() = Absent

/** Not in Cellweave: gseapy, which asks a web service; write the genes with toCsv, and use its page or Python. */
@Deprecated(
    "Not in Cellweave: gseapy, which asks a web service; write the genes with toCsv, and use its page or Python",
    level = DeprecationLevel.ERROR,
)
public val gseapy: Absent get() = Absent

/** Not in Cellweave: doubletdetection; sc.pp.scrublet(adata) finds doublets. */
@Deprecated("Not in Cellweave: doubletdetection; sc.pp.scrublet(adata) finds doublets", level = DeprecationLevel.ERROR)
public val doubletdetection: Absent get() = Absent
