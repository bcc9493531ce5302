// What np does to matrices, timed one by one: "NAME<tab>MILLISECONDS" on standard output, the best of several.
// usage: ./cellweave tools/bench/arrays.kts [ROWS COLUMNS]
//
// numpy's and scipy's side is tools/bench/arrays/peer.py; tools/bench/arrays/run runs both on one machine in turn.

val rows = args.getOrElse(0) { "10000" }.toInt()
val columns = args.getOrElse(1) { "2000" }.toInt()

fun timed(name: String, body: () -> Any?) {
    repeat(4) { body() }
    val best = (0 until 9).minOf {
        val from = System.nanoTime()
        body()
        System.nanoTime() - from
    }
    println("$name\t${"%.2f".format(best / 1e6)}")
}

val counts = np.random.poisson(0.3, size = rows to columns)
val x = csrMatrix(counts, dtype = np.float32)
val d = x.toarray()
val w = d.astype("float64")
val basis = w[0 until 50].T
val square = w[0 until 1000, 0 until 1000].toarray()
val row = d.mean(axis = 0)

timed("sparse log1p") { np.log1p(x) }
timed("sparse * 2") { x * 2 }
timed("sparse > 1") { x gt 1 }
timed("sparse sum(0)") { x.sum(axis = 0) }
timed("sparse sum(1)") { x.sum(axis = 1) }
timed("sparse mean(0)") { x.mean(axis = 0) }
timed("sparse max(0)") { x.max(axis = 0) }
timed("sparse max(1)") { x.max(axis = 1) }
timed("sparse @ dense") { x dot basis }
for ((name, m) in listOf("float32" to d, "float64" to w)) {
    timed("$name log1p") { np.log1p(m) }
    timed("$name exp") { np.exp(m) }
    timed("$name sqrt") { np.sqrt(m) }
    timed("$name * 2") { m * 2 }
    timed("$name - row") { m - row }
    timed("$name > 1") { m gt 1 }
    timed("$name == 0") { m eq 0 }
    timed("$name sum()") { m.sum() }
    timed("$name sum(0)") { m.sum(axis = 0) }
    timed("$name sum(1)") { m.sum(axis = 1) }
    timed("$name mean(0)") { m.mean(axis = 0) }
    timed("$name var(0)") { m.variance(axis = 0) }
    timed("$name max()") { m.max() }
    timed("$name max(0)") { m.max(axis = 0) }
    timed("$name max(1)") { m.max(axis = 1) }
    timed("$name T") { m.T }
}
timed("float64 @ 50") { w dot basis }
timed("float64 1000 @ 1000") { square dot square }
