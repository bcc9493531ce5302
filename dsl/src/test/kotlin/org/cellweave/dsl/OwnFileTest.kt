package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.testing.Seeds
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

/** Objects that belong to a file: `backed = "r+"`, `write()` and `filename`. */
class OwnFileTest {
    @TempDir
    lateinit var folder: Path

    private fun path(name: String) = folder.resolve(name).toString()

    private fun fails(
        message: String,
        body: () -> Any?,
    ) {
        assertThatThrownBy { body() }.isInstanceOf(IllegalArgumentException::class.java).hasMessageContaining(message)
    }

    private fun written(name: String): String {
        val a = AnnData(Seeds.counts(50, 12, 0.3, 1))
        a.obs["n"] = IntArray(50) { it }
        a.writeH5ad(path(name))
        return path(name)
    }

    @Test
    fun `what was changed goes back into the file with write, and X stays there`() {
        val file = written("a.h5ad")
        val before = sc.readH5ad(file)
        val a = sc.readH5ad(file, backed = "r+")
        assertThat(a.isBacked).isTrue
        assertThat(a.filename).isEqualTo(file)
        a.obs["m"] = IntArray(50) { -it }
        assertThat(sc.readH5ad(file).differenceTo(before)).isNull()
        a.write()
        assertThat(a.isBacked).isTrue
        before.obs["m"] = IntArray(50) { -it }
        assertThat(sc.readH5ad(file).differenceTo(before)).isNull()
        assertThat(a.differenceTo(before)).isNull()

        sc.pp.normalizeTotal(a, targetSum = 10.0)
        sc.pp.log1p(a)
        sc.pp.filterCells(a, minGenes = 3)
        assertThat(a.isBacked).isFalse
        assertThat(a.filename).isEqualTo(file)
        assertThat(sc.readH5ad(file).differenceTo(before)).isNull()
        a.write()
        assertThat(a.isBacked).isTrue
        sc.pp.normalizeTotal(before, targetSum = 10.0)
        sc.pp.log1p(before)
        sc.pp.filterCells(before, minGenes = 3)
        assertThat(sc.readH5ad(file).differenceTo(before)).isNull()
        Peer.judge(folder, "a = ad.read_h5ad('a.h5ad', backed='r+'); assert a.shape[1] == 12 and 'log1p' in a.uns")
    }

    @Test
    fun `filename leaves X in a file, moves it and takes it back`() {
        val a = sc.readH5ad(written("a.h5ad"))
        val content = a.copy()
        a.filename = path("b.h5ad")
        assertThat(a.isBacked).isTrue
        assertThat(a.filename).isEqualTo(path("b.h5ad"))
        assertThat(sc.readH5ad(path("b.h5ad")).differenceTo(content)).isNull()
        a.obs["m"] = IntArray(50)
        a.filename = path("c.h5ad")
        content.obs["m"] = IntArray(50)
        assertThat(Files.exists(Path.of(path("b.h5ad")))).isFalse
        assertThat(sc.readH5ad(path("c.h5ad")).differenceTo(content)).isNull()
        a.filename = folder.resolve(".").resolve("c.h5ad").toString()
        assertThat(sc.readH5ad(path("c.h5ad")).differenceTo(a)).isNull()
        val copied = a.copy(path("d.h5ad"))
        assertThat(copied.isBacked).isTrue
        copied.write()
        assertThat(Files.exists(Path.of(path("c.h5ad")))).isTrue
        a.filename = null
        assertThat(a.isBacked).isFalse
        assertThat(a.filename).isNull()
        assertThat(a.differenceTo(content)).isNull()
    }

    @Test
    fun `a file open for reading alone is never replaced or deleted`() {
        val file = written("a.h5ad")
        val a = sc.readH5ad(file, backed = "r")
        fails("write needs a path; '$file' is open for reading, use backed = \"r+\" to write it back") { a.write() }
        a.filename = path("b.h5ad")
        assertThat(Files.exists(Path.of(file))).isTrue
        a.write()
        fails("this object has no file of its own, so that write needs a path") {
            a
                .select(AxisIndex.range(0, 9, 1), AxisIndex.ALL)
                .write()
        }
        fails("this object has no file of its own, so that write needs a path") { a.copy().write() }
        fails("backed must be null, \"r\" or \"r+\", got 'w'") { sc.readH5ad(file, backed = "w") }
        val twin = sc.read(file, backed = "r+")
        fails("is a folder") { twin.filename = folder.toString() }
        assertThat(twin.filename).isEqualTo(file)
        assertThat(twin.X.nRows()).isEqualTo(50)
    }

    @Test
    fun `an object without X has a file too`() {
        val a = AnnData(null, AnnData(Seeds.counts(3, 2, 0.3, 1)).obs, AnnData(Seeds.counts(3, 2, 0.3, 1)).`var`)
        a.filename = path("none.h5ad")
        assertThat(a.isBacked).isFalse
        a.obs["n"] = intArrayOf(1, 2, 3)
        a.write()
        assertThat(sc.readH5ad(path("none.h5ad")).obs.keys).contains("n")
    }

    @Test
    fun `sc write takes the format from the name`() {
        val a = sc.readH5ad(written("a.h5ad"))
        sc.write(path("b.h5ad"), a)
        sc.write(path("c"), a, ext = ".h5ad", compression = null)
        assertThat(sc.readH5ad(path("b.h5ad")).differenceTo(a)).isNull()
        assertThat(sc.readH5ad(path("c")).differenceTo(a)).isNull()
        sc.write(path("t.csv"), a)
        assertThat(Files.isRegularFile(folder.resolve("t").resolve("obs.csv"))).isTrue
        fails("must end in .h5ad, .zarr or .csv, or ext say which it is, got 'x.h5'") { sc.write("x.h5", a) }
        fails("got 'x' with ext = 'loom'") { sc.write("x", a, ext = "loom") }
    }

    @Test
    fun `a file under two names is one file, and what has taken its name is not removed`() {
        val real = Files.createDirectory(folder.resolve("real"))
        val link = Files.createSymbolicLink(folder.resolve("link"), real)
        val a = sc.readH5ad(written("real/a.h5ad"), backed = "r+")
        Files.delete(real.resolve("a.h5ad"))
        a.filename = link.resolve("a.h5ad").toString()
        assertThat(sc.readH5ad(path("real/a.h5ad")).nObs).isEqualTo(50)
        Files.delete(real.resolve("a.h5ad"))
        Files.createDirectory(real.resolve("a.h5ad"))
        a.filename = path("b.h5ad")
        assertThat(Files.isDirectory(real.resolve("a.h5ad"))).isTrue
        assertThat(sc.readH5ad(path("b.h5ad")).nObs).isEqualTo(50)
    }

    @Test
    fun `small files stay small when X lies in a file`() {
        val file = written("a.h5ad")
        val plain = Files.size(Path.of(file))
        sc.readH5ad(file, backed = "r+").write()
        assertThat(Files.size(Path.of(file))).isLessThan(2 * plain)
    }
}
