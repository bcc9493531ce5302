package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.util.Check

/**
 * Brings batches together by any method of the project, with its usual settings: one door, so that methods can be
 * tried beside each other and judged by `sc.metrics.benchmark`. More settings are arguments of the methods' own verbs;
 * `sc.get.integrationMethods()` lists both.
 *
 * Reads `obs[batchKey]` and what the method reads: `obsm[basis]`, `X` (logarithms) or counts. Writes
 * `obsm["X_{method}"]`, coordinates; or for methods that correct expression `layers["{method}"]`, or for those that
 * make a graph what `sc.pp.neighbors` writes; and the method's diagnostics in `uns`. `X` stays as it is.
 * `cca` and `rpca` go by the genes of `var["integration_features"]`, else `var["highly_variable"]`, else all.
 *
 * @param method `harmony`, `fastmnn`, `mnn`, `clustermnn`, `cca`, `rpca`, `scanorama`, `bbknn`, `combat`, `limma`,
 *   `regress`, `inmf`, `scvi` or `scanvi`
 * @param basis the coordinates that `harmony`, `clustermnn`, `bbknn`, `cca` and `rpca` correct
 * @param layer counts for `scvi` and `scanvi`; null for `layers["counts"]` when it is there, else `X`
 * @param labelsKey labels for `scanvi`, where cells without one have [unlabeledCategory]; clusters within batches for
 *   `clustermnn`
 * @param keyAdded in place of the method's name: `X_{keyAdded}`, or the layer; for a graph as of `sc.pp.neighbors`
 * @param randomState of methods that draw random numbers
 */
public fun Preprocessing.integrate(
    adata: AnnData,
    method: String,
    batchKey: String = "batch",
    basis: String = "X_pca",
    layer: String? = null,
    labelsKey: String? = null,
    unlabeledCategory: String = "Unknown",
    keyAdded: String? = null,
    randomState: Long = HARMONY.seed(),
    copy: Boolean = false,
): AnnData {
    val chosen =
        INTEGRATORS[method]
            ?: throw IllegalArgumentException(
                "method must be one of ${INTEGRATORS.keys}, got '$method'." +
                    Check.suggestion(method, INTEGRATORS.keys.toList()),
            )
    val target = adata.target(copy)
    val request = Request(target, batchKey, basis, layer, labelsKey, unlabeledCategory, method, keyAdded, randomState)
    chosen.run(this, request)
    return target
}

/** What a method behind the door is asked. */
internal class Request(
    val adata: AnnData,
    val batchKey: String,
    val basis: String,
    layer: String?,
    private val labelsKey: String?,
    val unlabeledCategory: String,
    private val method: String,
    val keyAdded: String?,
    val seed: Long,
) {
    val name: String = keyAdded ?: method
    val key: String = "X_$name"
    val counts: String? = layer ?: "counts".takeIf { it in adata.layers.keys }

    /** The column that the method cannot do without. */
    fun labels(): String =
        requireNotNull(labelsKey) { "labelsKey must name a column of obs for method = \"$method\"" }
}

internal class Integrator(
    val reads: String,
    val writes: String,
    val verb: String,
    val run: Preprocessing.(Request) -> Unit,
)

private const val LOGS = "X (logarithms)"
private const val BASIS = "obsm[basis]"
private const val COUNTS = "layers[\"counts\"]"

private fun embedding(method: String) = "obsm[\"X_$method\"]"

internal val INTEGRATORS: Map<String, Integrator> =
    linkedMapOf(
        "harmony" to
            Integrator(BASIS, embedding("harmony"), "sc.pp.harmonyIntegrate") {
                harmonyIntegrate(it.adata, it.batchKey, it.basis, it.key, randomState = it.seed)
            },
        "fastmnn" to
            Integrator(LOGS, embedding("fastmnn"), "sc.pp.fastMnn") {
                fastMnn(it.adata, it.batchKey, keyAdded = it.name)
            },
        "mnn" to
            Integrator(LOGS, "layers[\"mnn\"], or ${embedding("mnn")} of chosen genes", "sc.pp.mnnCorrect") {
                val made = mnnCorrect(it.sharingX(), it.batchKey, keyAdded = it.name)
                if (it.key in made.obsm.keys) {
                    it.adata.obsm[it.key] = made.obsm[it.key]
                } else {
                    it.adata.putMatrix(it.name, made.X)
                }
                it.adata.uns[it.name] = made.uns[it.name]
            },
        "clustermnn" to
            Integrator("$BASIS, obs[labelsKey]", embedding("clustermnn"), "sc.pp.clusterMnn") {
                clusterMnn(it.adata, it.batchKey, it.labels(), it.basis, it.key, keyAdded = it.name)
            },
        "cca" to
            Integrator("$LOGS, $BASIS", embedding("cca"), "sc.pp.findIntegrationAnchors, integrateEmbeddings") {
                byAnchors(it, "cca")
            },
        "rpca" to
            Integrator("$LOGS, $BASIS", embedding("rpca"), "sc.pp.findIntegrationAnchors, integrateEmbeddings") {
                byAnchors(it, "rpca")
            },
        "scanorama" to
            Integrator(LOGS, embedding("scanorama"), "sc.pp.scanorama") {
                scanorama(it.adata, it.batchKey, adjustedBasis = it.key, seed = it.seed)
            },
        "bbknn" to
            Integrator(BASIS, "obsp, as sc.pp.neighbors", "sc.pp.bbknn") {
                bbknn(it.adata, it.batchKey, it.basis, keyAdded = it.keyAdded)
            },
        "combat" to
            Integrator(LOGS, "layers[\"combat\"]", "sc.pp.combat") {
                it.adata.putMatrix(it.name, combat(it.adata, false, it.batchKey))
            },
        "limma" to
            Integrator(LOGS, "layers[\"limma\"]", "sc.pp.removeBatchEffect") {
                removeBatchEffect(it.adata, it.batchKey, keyAdded = it.name)
            },
        "regress" to
            Integrator(LOGS, "layers[\"regress\"]", "sc.pp.regressBatches") {
                it.adata.putMatrix(it.name, regressBatches(it.sharingX(), it.batchKey).X)
            },
        "inmf" to
            Integrator("$LOGS, or counts", embedding("inmf"), "sc.tl.inmf") {
                sc.tl.inmf(it.adata, it.batchKey, randomState = it.seed, keyAdded = it.name)
            },
        "scvi" to
            Integrator(COUNTS, embedding("scvi"), "scvi.SCVI") {
                it.adata.obsm[it.key] = trained(it).getLatentRepresentation()
            },
        "scanvi" to
            Integrator("$COUNTS, obs[labelsKey]", embedding("scanvi"), "scvi.SCANVI") {
                val labels = it.labels()
                val model = scvi.SCANVI.fromScviModel(trained(it), it.unlabeledCategory, labels)
                model.train()
                it.adata.obsm[it.key] = model.getLatentRepresentation()
            },
    )

/** Up to so many genes are taken as they are where none were chosen; of more the verb says how to choose. */
private const val FEW_GENES = 5000

/** The same matrix and columns in an object of its own, for verbs that write `X`. */
private fun Request.sharingX(): AnnData {
    val out = AnnData(adata.X, adata.obs, adata.`var`)
    out.uns.putAll(adata.uns)
    return out
}

private fun Preprocessing.byAnchors(request: Request, reduction: String) {
    val adata = request.adata
    val chosen = listOf("integration_features", "highly_variable").firstOrNull { it in adata.`var` }
    val features: Any? = chosen ?: adata.varNames.takeIf { adata.nVars <= FEW_GENES }
    val anchors = "${request.name}_anchors"
    findIntegrationAnchors(
        adata, request.batchKey, features, reduction = reduction, unsKey = anchors, graphKey = anchors,
    )
    integrateEmbeddings(adata, request.basis, unsKey = anchors, keyAdded = request.key)
}

private fun trained(request: Request): ScviModel {
    scvi.SCVI.setupAnndata(request.adata, request.counts, request.batchKey)
    val model = scvi.SCVI(request.adata, seed = request.seed)
    model.train()
    return model
}
