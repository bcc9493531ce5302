package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Test

class WeinrebInVitroTest {
    @Test
    fun `clones of a barcode in different samples are different clones`() {
        val cells = AnnData(DenseMatrix.zeros(5, 1, DType.FLOAT32))
        cells.obs.set("Time point", NumericColumn.of(2.0, 4.0, 4.0, 4.0, 6.0))
        cells.obs.set("Well", NumericColumn.of(0, 1, 2, 1, 2))
        cells.obs.set("Clone", StringColumn.of("7", "7", "7", "NA", "9"))
        assertThat(sampledClones(cells).texts()).containsExactly("2:0:7", "4:1:7", "4:2:7", "NA", "6:2:9")
        cells.obs.set("Clone", CategoricalColumn.ofTexts("7", null, "7", "NA", "9"))
        assertThat(sampledClones(cells).texts()[1]).isEqualTo("NA")
    }

    /** Counts that need labels alone: the tutorial of the original prints them. */
    @Test
    fun `clones of three cells at day 4 are those of the original, well by well`() {
        val all = sc.datasets.weinrebInVitro(SharedData.require("data/clonal/Weinreb_in_vitro.h5ad").toString())
        val day4 = all[
            all.obs["Time point"]
                .toDoubles()
                .map { it == 4.0 }
                .toBooleanArray(),
        ]
        val whole = c2v.pp.clonesAdata(day4.copy(), obsName = "time:well:clone")
        assertThat(whole.nObs).isEqualTo(1943)
        val wells = listOf(1.0 to 827, 2.0 to 1116).flatMap { (well, clones) ->
            val part = day4[
                day4.obs["Well"]
                    .toDoubles()
                    .map { it == well }
                    .toBooleanArray(),
            ].copy()
            val found = c2v.pp.clonesAdata(part, obsName = "time:well:clone")
            assertThat(found.nObs).isEqualTo(clones)
            found.obsNames
        }
        assertThat(wells).containsExactlyInAnyOrderElementsOf(whole.obsNames)
    }
}
