// One test of pseudobulk samples three times on a file; seconds and the number of genes found, on standard output.
// usage: tools/bench/pseudobulk

val read = sc.readH5ad(args[0])
repeat(3) {
    val adata = read.copy()
    val start = System.nanoTime()
    sc.tl.pseudobulkDe(adata, args[1], listOf("condition", "b", "a"))
    val seconds = (System.nanoTime() - start) / 1e9
    println("$seconds ${sc.get.pseudobulkDf(adata, pvalCutoff = 0.05).nRows()}")
}
