package org.cellweave.dsl

/**
 * scvi-tools' models: `scvi.SCVI`, `scvi.SCANVI`, `scvi.LinearSCVI`, `scvi.JointEmbeddingSCVI`, also by that program's
 * own
 * paths, `scvi.model.SCVI` and `scvi.external.JointEmbeddingSCVI`. Each is told by `setupAnndata` which columns to
 * read, is
 * made from an AnnData, trained, and asked:
 *
 * ```
 * scvi.SCVI.setupAnndata(adata, layer = "counts", batchKey = "batch")
 * val model = scvi.SCVI(adata, nLatent = 30, geneLikelihood = "nb")
 * model.train()
 * adata.obsm["X_scVI"] = model.getLatentRepresentation()
 * ```
 */
public val scvi: GenerativeModels get() = GenerativeModels

/** What [scvi] refers to. */
@Suppress("ktlint:standard:property-naming")
public object GenerativeModels {
    /** A variational autoencoder of counts. */
    public val SCVI: ScviModels get() = ScviModels

    /** The same with labels, which it also foretells. */
    public val SCANVI: ScanviModels get() = ScanviModels

    /** The same with a linear decoder: latent dimensions have loadings of genes. */
    public val LinearSCVI: LinearScviModels get() = LinearScviModels

    /** The same for cells with few counts: it is also trained on a part of every cell's counts. */
    public val JointEmbeddingSCVI: JointEmbeddingScviModels get() = JointEmbeddingScviModels

    /** Models by the path that they have in scvi-tools. */
    public val model: ModelPaths get() = ModelPaths

    /** Models by the path that they have in scvi-tools. */
    public val external: ExternalModelPaths get() = ExternalModelPaths

    /** Figures of trained models. */
    public val pl: ModelPlotting get() = ModelPlotting

    /** What all models share. */
    public val settings: ModelSettings get() = ModelSettings
}

/** Models of `scvi.model`. */
@Suppress("ktlint:standard:property-naming")
public object ModelPaths {
    public val SCVI: ScviModels get() = ScviModels
    public val SCANVI: ScanviModels get() = ScanviModels
    public val LinearSCVI: LinearScviModels get() = LinearScviModels
}

/** Models of `scvi.external`. */
@Suppress("ktlint:standard:property-naming")
public object ExternalModelPaths {
    public val JointEmbeddingSCVI: JointEmbeddingScviModels get() = JointEmbeddingScviModels
}

/** `scvi.SCVI`. */
public object ScviModels

/** `scvi.SCANVI`. */
public object ScanviModels

/** `scvi.LinearSCVI`. */
public object LinearScviModels

/** `scvi.JointEmbeddingSCVI`. */
public object JointEmbeddingScviModels

/** Namespace of `scvi.pl`. */
public object ModelPlotting

/** `scvi.settings`. */
public object ModelSettings {
    /** Of first weights, orders and all that is drawn, where a call has no seed of its own. */
    public var seed: Long = 0
}

/**
 * What a model takes: `scvi.help("SCVI.train")` or `scvi.help("getNormalizedExpression")`, or `scvi.help("SCVI")` for
 * what there is.
 *
 * @throws IllegalArgumentException when there is no such verb; the message names near ones
 */
public fun GenerativeModels.help(name: String = ""): Help {
    val path = name.trim().removePrefix("scvi.")
    // scvi-tools' paths lead to the same models, and what help shows of a method begins with "model."
    return Help.of(path.removePrefix("model.").removePrefix("external."), root = "scvi")
}
