// What tools/bench/clone2vec times of ours.
// usage: ./cellweave tools/bench/clone2vec.kts prepare FOLDER LARRY | fit CLONES.h5ad | neighbours FOLDER

import org.cellweave.clonal.embedding.Clone2vec
import kotlin.random.Random

sc.settings.verbosity = 0

fun seconds(body: () -> Unit): Double {
    val start = System.nanoTime()
    body()
    return (System.nanoTime() - start) / 1e9
}

/** Days 4 and 6 apart, clones of two cells or more, as the reference has them. */
fun larry(path: String, folder: String) {
    val all = sc.readH5ad(path)
    val barcodes = (all.obsm["X_clone"] as Matrix).toCsr()
    val days = all.obs["time_info"].texts()
    val names = Array(all.nObs) { i ->
        val block = barcodes.blockOf(i)
        val entries = (block.start(i) until block.end(i)).filter { block.value(it) > 0 }
        if (entries.isEmpty()) "NA" else "${days[i]}:${block.indices()[entries.maxBy { block.value(it) }]}"
    }
    all.obs["clone"] = CategoricalColumn.ofTexts(*names)
    for (day in listOf("4", "6")) {
        val part = all[days.map { it?.removeSuffix(".0") == day }.toBooleanArray()].copy()
        val clones = c2v.pp.clonesAdata(part, minSize = 2)
        c2v.tl.clonalNn(part, clones)
        clones.writeH5ad("$folder/larry$day.h5ad")
        println("larry$day: ${clones.nObs} clones, ${part.nObs} cells")
    }
}

when (args[0]) {
    "prepare" -> {
        val (_, folder, path) = args
        if (java.io.File(path).exists()) larry(path, folder)
        val cells = sc.datasets.simulatedClones(nClones = 2300, meanCells = 13.5, nGenes = 1000, nWells = 1)
        sc.pp.normalizeTotal(cells)
        sc.pp.log1p(cells)
        sc.pp.pca(cells, nComps = 30)
        val clones = c2v.pp.clonesAdata(cells)
        c2v.tl.clonalNn(cells, clones)
        clones.writeH5ad("$folder/simulated.h5ad")
        println("simulated: ${clones.nObs} clones, ${(clones.obs["n_cells"].toDoubles()).sum().toInt()} cells in them")
        // 100,000 cells around 300 centres, in 5,000 clones
        val draw = Random(0)
        val centres = Array(300) { DoubleArray(50) { draw.nextDouble() * 10 } }
        val rows = Array(100_000) { i ->
            DoubleArray(50) { centres[i % 300][it] + draw.nextDouble() + draw.nextDouble() - 1 }
        }
        val many = AnnData(DenseMatrix.zeros(rows.size, 1, DType.FLOAT32))
        many.obsm["X_pca"] = DenseMatrix.ofRows(rows).toFloat32()
        many.obs["clone"] = CategoricalColumn.ofTexts(*Array(rows.size) { "c${(it % 300) * 17 + draw.nextInt(17)}" })
        many.writeH5ad("$folder/nn_cells.h5ad")
        c2v.pp.clonesAdata(many).writeH5ad("$folder/nn_clones.h5ad")
    }
    "fit" -> {
        val clones = sc.readH5ad(args[1])
        val cold = seconds { c2v.tl.clone2vec(clones) }
        repeat(3) { c2v.tl.clone2vec(clones) }
        val warm = seconds { c2v.tl.clone2vec(clones) }
        val history = ((clones.uns["clone2vec"] as Map<*, *>)["loss_history"] as NdArray).toDoubles()
        println("$cold $warm ${history.last()} ${history.size}")
    }
    "neighbours" -> {
        val cells = sc.readH5ad("${args[1]}/nn_cells.h5ad")
        val clones = sc.readH5ad("${args[1]}/nn_clones.h5ad")
        repeat(2) { println(seconds { c2v.tl.clonalNn(cells, clones) }) }
    }
}
