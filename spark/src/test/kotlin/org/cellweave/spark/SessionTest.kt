package org.cellweave.spark

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.dsl.sc
import org.cellweave.dsl.writeH5ad
import org.cellweave.testing.Seeds
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

/** What is said where there is no session, or none that could be. */
class SessionTest {
    @TempDir
    lateinit var folder: Path

    private fun written(): Path {
        val file = folder.resolve("small.h5ad")
        AnnData(Seeds.counts(500, 40, 0.5, 1)).writeH5ad(file)
        return file
    }

    @AfterEach
    fun end() = sc.spark.stop()

    @Test
    fun `nothing is read without a session`() {
        assertThatThrownBy { sc.spark.readH5ad(written()) }
            .isInstanceOf(IllegalStateException::class.java)
            .hasMessageContaining("there is no Spark session: begin with sc.spark.session(\"local[2]\")")
            .hasMessageContaining("cellweave --spark MASTER_URL")
    }

    @Test
    fun `masters that cannot be are refused at once`() {
        assertThatThrownBy { sc.spark.session("mesos://here") }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessage("master must be local[N], spark://HOST:PORT, yarn or k8s://URL, got 'mesos://here'")
        assertThatThrownBy { sc.spark.session() }.hasMessageEndingWith("got none")
        assertThatThrownBy { sc.spark.session("spark://127.0.0.1:1") }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("no Spark master answers at spark://127.0.0.1:1: ")
        assertThatThrownBy { sc.spark.session("spark://127.0.0.1") }
            .hasMessageContaining("it names no port, such as 7077")
    }

    @Test
    fun `rows of a session that was stopped say so`() {
        sc.spark.session("local[1]")
        val adata = sc.spark.readH5ad(written())
        sc.spark.session()
        sc.spark.stop()
        assertThatThrownBy { adata.x.colSums() }
            .isInstanceOf(IllegalStateException::class.java)
            .hasMessageContaining("the Spark session of these rows was stopped")
            .hasMessageContaining("toLocal()")
        assertThat(adata.toLocal().x.nRows()).isEqualTo(500)
    }

    @Test
    fun `too small a limit of answers is named`() {
        sc.spark.session("local[1]", "spark.driver.maxResultSize" to "2k")
        val adata = sc.spark.readH5ad(written())
        assertThatThrownBy { adata.x.rowSums() }
            .isInstanceOf(IllegalStateException::class.java)
            .hasMessageContaining("larger than spark.driver.maxResultSize (2k)")
            .hasMessageContaining("sc.spark.session()")
    }
}
