// Reads and writes under names, modes and kinds of files that are out of the ordinary; see run.   cases.kts FOLDER
// Prints `ok`, `fault` or `not run` with a name for every case.
import java.nio.file.Files
import java.nio.file.LinkOption
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

val top = Path.of(args[0])
val root = args[1] == "root"
sc.settings.verbosity = 0

fun small(v: Int): AnnData {
    val a = AnnData(DenseMatrix.ofRows(arrayOf(doubleArrayOf(1.0, v.toDouble()), doubleArrayOf(3.0, 4.0))))
    a.obs["w"] = doubleArrayOf(1.0, v.toDouble())
    a.obsm["X_umap"] = DenseMatrix.ofRows(arrayOf(doubleArrayOf(1.0, 2.0), doubleArrayOf(3.0, 4.0)))
    return a
}

class Fault(message: String) : Exception(message)
class NotRun(message: String) : Exception(message)

fun must(condition: Boolean, text: () -> String) { if (!condition) throw Fault(text()) }

val pool = Executors.newCachedThreadPool { Thread(it).apply { isDaemon = true } }

/** Runs one case; sixty seconds guard against a wait without end and measure nothing. */
fun case(name: String, body: () -> Unit) {
    val shown = name.map { if (it < ' ' || it == '\u007f') "\\x%02x".format(it.code) else "$it" }.joinToString("").take(60)
    val result = try {
        pool.submit(body).get(60, TimeUnit.SECONDS)
        "ok\t$shown"
    } catch (e: TimeoutException) {
        "fault\t$shown\tdoes not end"
    } catch (e: ExecutionException) {
        val c = e.cause!!
        if (c is NotRun) "not run\t$shown\t${c.message}" else "fault\t$shown\t${c.javaClass.simpleName}: ${c.message?.take(300)?.replace("\n", "\\n")}"
    }
    println(result)
}

/** The error of something that must be refused: of a known type, one line, no control characters, with a name. */
fun refused(named: String, body: () -> Unit): String {
    val e = try { body(); null } catch (e: Throwable) { e } ?: throw Fault("was not refused")
    val known = listOf("FormatException", "IllegalArgumentException", "UncheckedIOException", "MissingKeyException")
    val m = e.message ?: ""
    must(e.javaClass.simpleName in known) { "refused by ${e.javaClass.name}: $m" }
    must(m.isNotBlank() && m.none { it < ' ' || it == '\u007f' }) { "message of several lines or with control characters: $m" }
    must(named in m) { "the message lacks '$named': $m" }
    return m
}

fun folder(name: String): Path = Files.createDirectories(top.resolve(name))
fun names(dir: Path): Set<String> = Files.list(dir).use { s -> s.map { "${it.fileName}" }.toList().toSet() }
fun mode(p: Path): String = PosixFilePermissions.toString(Files.getPosixFilePermissions(p))
fun chmod(p: Path, text: String): Path = Files.setPosixFilePermissions(p, PosixFilePermissions.fromString(text))
fun shell(vararg command: String): Boolean = ProcessBuilder(*command).redirectErrorStream(true).start().waitFor() == 0

fun same(p: Path, v: Int) {
    val d = sc.readH5ad("$p").differenceTo(small(v))
    must(d == null) { "holds something else: $d" }
}

// ------------------------------------------------------------------------------------------------ names
val plain = listOf(
    "with space", "quote'", "double\"", "new\nline", "tab\there", "carriage\rreturn", "ünï 日本", "-dash", "--option=1", "#h%20?x=y",
    "a&b;c|d", "back\\slash", "escape\u001b[31m", "e\u0301", "dots...", "*", "\$HOME", "~", "x".repeat(250), "é".repeat(125), "\uD83E\uDDEC",
)
for (name in plain) {
    case("name $name") {
        val dir = Files.createTempDirectory(top, "names")
        val file = dir.resolve("$name.h5ad")
        small(1).writeH5ad("$file")
        small(2).writeH5ad("$file")
        same(file, 2)
        must(names(dir).size == 1) { "left in the folder: ${names(dir)}" }
        sc.read("$file")
        Files.write(file, Files.readAllBytes(file).copyOf(700))
        refused("") { sc.readH5ad("$file") }
        Files.delete(file)
        refused("") { sc.readH5ad("$file") }
        for (ending in listOf("svg", "png")) {
            val figure = dir.resolve("$name.$ending".let { if (it.toByteArray().size > 255) it.substring(4) else it })
            sc.pl.umap(small(2), color = "w").save("$figure")
            must(names(dir) == setOf("${figure.fileName}")) { "left in the folder: ${names(dir)}" }
            Files.delete(figure)
        }
        val csv = dir.resolve("${name.take(240)}.csv".let { if (it.toByteArray().size > 255) it.substring(4) else it })
        Files.writeString(csv, "cell,a,b\nc1,1,2\n")
        must(sc.read("$csv").nVars == 2) { "csv" }
        Files.writeString(csv, "cell,a,b\nc1,1,x\n")
        refused("line 2") { sc.read("$csv") }
    }
}
case("name too long") { refused("y".repeat(20)) { small(1).writeH5ad("${folder("long").resolve("y".repeat(252) + ".h5ad")}") } }
for (bad in listOf("", "/", ".", "nul\u0000byte.h5ad")) {
    case("name '$bad'") {
        refused("") { small(1).writeH5ad(bad) }
        refused("") { sc.readH5ad(bad) }
    }
}
case("folder that is not there") { refused("nowhere") { small(1).writeH5ad("${top.resolve("nowhere/a.h5ad")}") } }
case("folder that is a file") {
    val f = Files.writeString(folder("notafolder").resolve("plain"), "x")
    refused("plain") { small(1).writeH5ad("${f.resolve("a.h5ad")}") }
    refused("plain") { sc.readH5ad("${f.resolve("a.h5ad")}") }
}
case("folder as target") {
    val d = folder("target.h5ad")
    refused("target.h5ad") { small(1).writeH5ad("$d") }
    refused("target.h5ad") { sc.readH5ad("$d") }
}

// ------------------------------------------------------------------------------------------------ modes and links
for (wanted in listOf("rw-------", "rw-r-----", "rwxrwxrwx")) {
    case("mode $wanted stays") {
        val f = folder("mode").resolve("$wanted.h5ad")
        small(1).writeH5ad("$f")
        chmod(f, wanted)
        small(2).writeH5ad("$f")
        must(mode(f) == wanted) { "is ${mode(f)} now" }
        same(f, 2)
    }
}
for (wanted in listOf("r--------", "r--r--r--")) {
    case("mode $wanted is not replaced") {
        val dir = folder("readonly$wanted")
        val f = dir.resolve("a.h5ad")
        small(1).writeH5ad("$f")
        chmod(f, wanted)
        refused("a.h5ad") { small(2).writeH5ad("$f") }
        must(mode(f) == wanted && names(dir).size == 1) { "${mode(f)} ${names(dir)}" }
        same(f, 1)
        val figure = Files.write(dir.resolve("f.svg"), byteArrayOf(1))
        chmod(figure, wanted)
        refused("f.svg") { sc.pl.umap(small(2), color = "w").save("$figure") }
        must(Files.size(figure) == 1L) { "the figure was replaced" }
    }
}
case("a new file follows the umask") {
    val dir = folder("umask")
    small(1).writeH5ad("${dir.resolve("a.h5ad")}")
    val own = Files.createFile(dir.resolve("b"))
    must(mode(dir.resolve("a.h5ad")) == mode(own)) { "${mode(dir.resolve("a.h5ad"))}, a new file has ${mode(own)}" }
}
case("symbolic link") {
    val dir = folder("symlink")
    val real = folder("symlink/there").resolve("real.h5ad")
    small(1).writeH5ad("$real")
    val link = Files.createSymbolicLink(dir.resolve("link.h5ad"), real)
    small(2).writeH5ad("$link")
    must(Files.isSymbolicLink(link)) { "the link was replaced" }
    same(real, 2)
}
case("link to nothing") {
    val dir = folder("dangling")
    val link = Files.createSymbolicLink(dir.resolve("link.h5ad"), dir.resolve("absent.h5ad"))
    try { small(1).writeH5ad("$link") } catch (e: Exception) { refused("link.h5ad") { small(1).writeH5ad("$link") } }
    must(Files.isSymbolicLink(link)) { "the link was replaced" }
}
case("links in a ring") {
    val dir = folder("ring")
    Files.createSymbolicLink(dir.resolve("a.h5ad"), dir.resolve("b.h5ad"))
    Files.createSymbolicLink(dir.resolve("b.h5ad"), dir.resolve("a.h5ad"))
    refused("a.h5ad") { small(1).writeH5ad("${dir.resolve("a.h5ad")}") }
    refused("a.h5ad") { sc.readH5ad("${dir.resolve("a.h5ad")}") }
}
case("hard link") {
    val dir = folder("hard")
    small(1).writeH5ad("${dir.resolve("a.h5ad")}")
    Files.createLink(dir.resolve("b.h5ad"), dir.resolve("a.h5ad"))
    small(2).writeH5ad("${dir.resolve("a.h5ad")}")
    same(dir.resolve("a.h5ad"), 2)
    same(dir.resolve("b.h5ad"), 1)
}

// ------------------------------------------------------------------------------------------------ what is no file
case("named pipe") {
    val pipe = folder("pipe").resolve("p.h5ad")
    must(shell("mkfifo", "$pipe")) { "mkfifo" }
    refused("p.h5ad") { small(1).writeH5ad("$pipe") }
    refused("p.h5ad") { sc.readH5ad("$pipe") }
    must(!Files.isRegularFile(pipe, LinkOption.NOFOLLOW_LINKS)) { "the pipe was replaced" }
    val text = pipe.resolveSibling("p.csv")
    must(shell("mkfifo", "$text")) { "mkfifo" }
    refused("p.csv") { sc.read("$text") }
}
// Devices of our own: a fault must not take the machine's.
for ((kind, minor) in listOf("null" to "3", "full" to "7", "zero" to "5")) {
    case("device $kind") {
        val device = folder("device").resolve("$kind.h5ad")
        if (!shell("mknod", "-m", "666", "$device", "c", "1", minor)) throw NotRun("devices cannot be made here")
        try { Files.newInputStream(device).close() } catch (e: java.io.IOException) { throw NotRun("devices cannot be opened in this folder") }
        if (kind == "full") refused("full.h5ad") { small(1).writeH5ad("$device") } else small(1).writeH5ad("$device")
        must(Files.readAttributes(device, java.nio.file.attribute.BasicFileAttributes::class.java).isOther) { "the device was replaced" }
        refused("$kind.h5ad") { sc.readH5ad("$device") }
        must(names(folder("device")).all { it.endsWith(".h5ad") && !it.startsWith(".") }) { "left: ${names(folder("device"))}" }
    }
}
case("endless text") {
    if (!Files.exists(Path.of("/dev/zero"))) throw NotRun("no /dev/zero")
    for (ending in listOf("csv", "mtx", "h5ad")) {
        val link = folder("endless").resolve("zero.$ending")
        Files.createSymbolicLink(link, Path.of("/dev/zero"))
        refused("zero.$ending") { sc.read("$link") }
    }
}

// ------------------------------------------------------------------------------------------------ as nobody in particular
if (!root) {
    case("folder that is read-only") {
        val dir = folder("locked")
        small(1).writeH5ad("${dir.resolve("a.h5ad")}")
        chmod(dir, "r-xr-xr-x")
        refused("a.h5ad") { small(2).writeH5ad("${dir.resolve("a.h5ad")}") }
        refused("new.h5ad") { small(2).writeH5ad("${dir.resolve("new.h5ad")}") }
        refused("f.png") { sc.pl.umap(small(2), color = "w").save("${dir.resolve("f.png")}") }
        same(dir.resolve("a.h5ad"), 1)
        chmod(dir, "rwxr-xr-x")
    }
    case("file that may not be read") {
        val f = folder("secret").resolve("s.h5ad")
        small(1).writeH5ad("$f")
        chmod(f, "---------")
        refused("s.h5ad") { sc.readH5ad("$f") }
        val t = Files.writeString(f.resolveSibling("s.csv"), "a,b\n1,2\n")
        chmod(t, "---------")
        refused("s.csv") { sc.read("$t") }
    }
}
println("end")
