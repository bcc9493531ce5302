// Integrative factors of the cells of a file, batch or online, three times; seconds and the last objective on standard
// output.
// usage: tools/bench/inmf

val read = sc.readH5ad(args[0])
val online = args[1] == "online"
repeat(3) {
    val adata = read.copy()
    val start = System.nanoTime()
    if (online) {
        sc.tl.onlineInmf(adata, k = 20, scale = false, align = "none", minibatchSize = args[2].toInt())
    } else {
        sc.tl.inmf(adata, k = 20, scale = false, align = "none", tol = 0.0)
    }
    val seconds = (System.nanoTime() - start) / 1e9
    val objective = (adata.uns["inmf"] as Map<*, *>)["objective"] as org.cellweave.data.NdArray
    println("$seconds ${objective.number(objective.size() - 1)}")
}
