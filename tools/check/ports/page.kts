/** What the lines of docs/coming-from-scanpy.md find: a fresh copy for each row of its tables. */
class Stage(base: AnnData) {
    var adata: AnnData = base.copy()
    val obs = adata.obs
    val vars = adata.vars
    val x = adata.X
    val a = np.array(List(50) { it / 5.0 })
    val mask = a gt 5
    val i = 1
    val sample = "s1"
    val genes = listOf("CST3", "NKG7")
    val names = List(adata.obs["leiden"].nunique()) { "type $it" }
    val rows = adata.obsNames
    val a1 = base.copy()
    val a2 = base.copy()
    val df = pd.DataFrame(
        mapOf(
            "group" to List(50) { if (it % 2 == 0) "x" else "y" },
            "batch" to List(50) { if (it % 3 == 0) "one" else "two" },
            "score" to List(50) { it / 10.0 },
            "other" to List(50) { (it * 7 % 11) / 10.0 },
        ),
        index = List(50) { "r$it" },
    )
    val other = pd.DataFrame(mapOf("group" to listOf("x", "y"), "weight" to listOf(1, 2)))
    val col = df["group"].astype("category")
    val ax = sc.pl.umap(adata, color = "CST3", show = false)
    val axs = plt.subplots(1, 2).second
}

val base = sc.readH5ad("x.h5ad")
val failures = mutableListOf<String>()

fun attempt(line: Int, code: Stage.() -> Unit) {
    try {
        Stage(base).code()
    } catch (e: Throwable) {
        failures.add("coming-from-scanpy.md:$line: ${e.message ?: e.toString()}")
    }
}

fun verdict(count: Int) {
    failures.forEach(System.err::println)
    check(failures.isEmpty()) { "${failures.size} of $count rows fail" }
    println("$count rows of docs/coming-from-scanpy.md ran")
}
