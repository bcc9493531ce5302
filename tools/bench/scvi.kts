// What tools/bench/scvi times of ours.
// usage: ./cellweave tools/bench/scvi.kts prepare FOLDER whole|small | train CELLS.h5ad LIKELIHOOD BATCH ENGINE EPOCHS

sc.settings.verbosity = 0

fun seconds(body: () -> Unit): Double {
    val start = System.nanoTime()
    body()
    return (System.nanoTime() - start) / 1e9
}

/** Of this process, from the kernel's own account; the heap's limit is part of it. */
fun peakMiB(): Long =
    java.io.File("/proc/self/status").readLines().first { it.startsWith("VmHWM") }.filter(Char::isDigit).toLong() / 1024

when (args[0]) {
    "prepare" -> {
        val part = if (args[2] == "small") 10 else 1
        for ((name, cells, genes) in listOf(Triple("tall", 45_000, 2_000), Triple("wide", 8_000, 30_000))) {
            val file = java.io.File("${args[1]}/scvi_$name.h5ad")
            val counts = sc.datasets.simulatedBatches(nCells = cells / part, nGenes = genes, nBatches = 5, nTypes = 12, depth = genes / 30.0 + 300)
            counts.writeH5ad(file.path)
            println("$name: ${counts.nObs} x ${counts.nVars}, %.1f %% of counts above zero".format(100.0 * counts.X.nnz() / counts.nObs / counts.nVars))
        }
    }
    "train" -> {
        val (_, path, likelihood, batch, engine) = args
        val adata = sc.readH5ad(path)
        scvi.SCVI.setupAnndata(adata, batchKey = "batch")
        val model = scvi.SCVI(adata, geneLikelihood = likelihood)
        model.train(maxEpochs = 1, batchSize = batch.toInt(), engine = engine)
        val epochs = args[5].toInt()
        val epoch = seconds { model.train(maxEpochs = epochs, batchSize = batch.toInt(), engine = engine) } / epochs
        val latent = seconds { model.getLatentRepresentation() }
        val expression = seconds { model.getNormalizedExpression(indices = IntArray(minOf(60_000_000 / adata.nVars, adata.nObs)) { it }) }
        println("$epoch $latent $expression ${peakMiB()}")
    }
}
