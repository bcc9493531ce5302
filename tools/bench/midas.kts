// What tools/bench/midas times of ours, and how well cells go together.
// usage: ./cellweave tools/bench/midas.kts CELLS.h5mu EPOCHS SEED PLACES.csv

val (path, epochs, seed, out) = args
sc.settings.verbosity = 0

val mdata = sc.readH5mu(path)
// the JVM's compiler is warm after this
sc.tl.midas(mdata.copy(), maxEpochs = 4)
val start = System.nanoTime()
sc.tl.midas(mdata, maxEpochs = epochs.toInt(), randomState = seed.toLong())
val seconds = (System.nanoTime() - start) / 1e9
val places = mdata.obsm.matrix("X_midas", "").toDense()
java.io.File(out).printWriter().use { file ->
    mdata.obsNames.forEachIndexed { i, name ->
        file.println(name + "," + (0 until places.nCols()).joinToString(",") { places.get(i, it).toString() })
    }
}
println(seconds / epochs.toInt())
