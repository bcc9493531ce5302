package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.linalg.OpenBlas
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class SessionTest {
    @Test
    fun theSessionTellsWhatNumbersWereMadeWith(
        @TempDir folder: Path,
    ) {
        val adata = sc.datasets.blobs(nObservations = 30)
        val session = sc.session(adata)
        assertThat(session["reproducible"]).isEqualTo("machine")
        assertThat(session["kernels"]).isEqualTo(OpenBlas.kernels())
        assertThat(session["jdk"]).startsWith(System.getProperty("java.version"))
        assertThat(session.entries.keys)
            .contains("cellweave", "functions", "openblas", "hdf5", "os", "processor", "threads", "heap", "preset")
        assertThat(session.toString().lines()).hasSameSizeAs(session.entries.keys)
        adata.write(folder.resolve("x.h5ad"))
        assertThat(sc.readH5ad(folder.resolve("x.h5ad")).uns["cellweave"]).isEqualTo(session.entries)
    }

    @Test
    fun anotherPromiseComesTooLateOnceSomethingWasComputed() {
        sc.pp.pca(sc.datasets.blobs(nObservations = 30), nComps = 3)
        assertThat(sc.settings.reproducible).isEqualTo("machine")
        sc.settings.reproducible = "machine"
        assertThatThrownBy { sc.settings.reproducible = "everywhere" }
            .isInstanceOf(IllegalStateException::class.java)
            .hasMessageContaining("must be chosen before: as the first line of a script")
        assertThatThrownBy { sc.settings.reproducible = "anywhere" }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessage("sc.settings.reproducible must be one of [machine, everywhere], got 'anywhere'.")
        assertThat(sc.settings.reproducible).isEqualTo("machine")
    }
}
