// Writes two states of one file in turn until it is killed; see run.   write.kts KIND TARGET STATE-A STATE-B
val (kind, target, first, second) = args

fun table(v: Int): AnnData {
    val rows = Array(400) { i -> DoubleArray(300) { j -> if ((i * 7 + j * 3) % 4 == 0) v.toDouble() else 0.0 } }
    val a = AnnData(
        DenseMatrix.ofRows(rows).toCsr(),
        DataFrame.ofNames(*Array(400) { "c$it" }), DataFrame.ofNames(*Array(300) { "g$it" }),
    )
    a.obs["v"] = LongArray(400) { v.toLong() * it }
    a.obsm["X_umap"] = DenseMatrix.ofRows(Array(400) { DoubleArray(2) { j -> (it * (j + v) % 37).toDouble() } })
    a.uns["last"] = LongArray(20_000) { v.toLong() }
    return a
}

val states = listOf(table(1), table(2))
fun write(k: Int, path: String) {
    when (kind) {
        "h5ad" -> states[k].writeH5ad(path)
        "gzip" -> states[k].writeH5ad(path, compression = "gzip")
        else -> figures[k].save(path)
    }
}
val figures by lazy { states.map { sc.pl.umap(it, color = "v", title = "state") } }
write(0, first)
write(1, second)
write(0, target)
println("READY")
System.out.flush()
readLine()
var k = 1
while (true) {
    write(k, target)
    k = 1 - k
}
