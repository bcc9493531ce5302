package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.dsl.slots.dict
import org.cellweave.testing.Tolerance
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class ScoreGenesTest {
    @TempDir
    lateinit var folder: Path

    private fun logged() =
        sc.pp.log1p(sc.pp.normalizeTotal(sc.datasets.simulatedBatches(nCells = 200, nGenes = 400, nTypes = 3)))

    @Test
    fun `a phase for every cell`() {
        val adata = logged()
        val genes = adata.varNames
        sc.tl.scoreGenesCellCycle(adata, genes.subList(0, 20), genes.subList(30, 60))
        val s = adata.obs["S_score"].toDoubles()
        val g2m = adata.obs["G2M_score"].toDoubles()
        val phase = adata.obs["phase"].texts()
        for (i in phase.indices) {
            val expected = if (s[i] < 0 && g2m[i] < 0) {
                "G1"
            } else if (g2m[i] > s[i]) {
                "G2M"
            } else {
                "S"
            }
            assertThat(phase[i]).isEqualTo(expected)
        }
        val alone = sc.tl.scoreGenes(adata, genes.subList(0, 20), ctrlSize = 20, scoreName = "alone")
        assertThat(alone.obs["alone"].toDoubles()).isEqualTo(s)
    }

    @Test
    fun `raw is preferred, a layer wins over it`() {
        val adata = logged()
        val genes = adata.varNames.subList(0, 10)
        val onX = sc.tl
            .scoreGenes(adata, genes, copy = true)
            .obs["score"]
            .toDoubles()
        adata.layers["twice"] = adata.X.copy()
        adata.setRaw(adata.copy())
        adata.X = sc.datasets.simulatedBatches(nCells = 200, nGenes = 400, nTypes = 3).X
        val onRaw = sc.tl
            .scoreGenes(adata, genes, copy = true)
            .obs["score"]
            .toDoubles()
        assertThat(onRaw).isEqualTo(onX)
        val onLayer = sc.tl
            .scoreGenes(adata, genes, layer = "twice", copy = true)
            .obs["score"]
            .toDoubles()
        assertThat(onLayer).isEqualTo(onX)
        assertThat(
            sc.tl
                .scoreGenes(adata, genes, useRaw = false, copy = true)
                .obs["score"]
                .toDoubles(),
        ).isNotEqualTo(onX)
    }

    @Test
    fun messages() {
        val adata = logged()
        val first = adata.varNames[0]
        assertThatThrownBy { sc.tl.scoreGenes(adata, listOf(first.lowercase() + "x")) }
            .hasMessageContaining("geneList has no gene of this object")
            .hasMessageContaining("Did you mean '")
        assertThatThrownBy { sc.tl.scoreGenes(adata, listOf(first), genePool = listOf(adata.varNames[1])) }
            .hasMessageContaining("genePool must hold the genes that are scored, but not [$first]")
        assertThatThrownBy { sc.tl.scoreGenes(adata, listOf(first), useRaw = true) }
            .hasMessageContaining("adata.raw is not set")
        assertThatThrownBy { sc.tl.scoreGenes(adata, listOf(first), useRaw = true, layer = "x") }
            .hasMessageContaining("exclude each other")
        assertThatThrownBy { sc.tl.scoreGenesCellCycle(adata, emptyList<String>(), listOf(first)) }
            .hasMessageContaining("must not be empty, got 0 and 1 genes")
    }

    @Test
    fun `whole bins give scanpy's scores, drawn ones correlate with them`() {
        val adata: AnnData = controlCells()
        sc.pp.log1p(sc.pp.normalizeTotal(sc.pp.filterGenes(adata, minCells = 3), targetSum = 1e4))
        adata.writeH5ad(folder.resolve("a.h5ad").toString())
        Peer.run(
            folder,
            """
            a = ad.read_h5ad("a.h5ad")
            g = list(a.var_names[10:400:13]) + ["NOT_A_GENE"]
            for name, kw in {
                "whole": dict(ctrl_size=100000),
                "apart": dict(ctrl_size=100000, ctrl_as_ref=False, n_bins=40),
                "pool": dict(ctrl_size=100000, gene_pool=list(a.var_names[:3000]) + ["NEITHER"]),
                "drawn": dict(),
            }.items():
                sc.tl.score_genes(a, g, score_name=name, **kw)
            for seed in range(1, 5):
                sc.tl.score_genes(a, g, score_name="drawn", random_state=seed)
                sc.tl.score_genes_cell_cycle(a, s_genes=g[:12], g2m_genes=g[12:], random_state=seed)
                for name in ["drawn", "S_score", "G2M_score", "phase"]:
                    a.obs[f"{name}_{seed}"] = a.obs[name]
            sc.tl.score_genes(a, g, score_name="drawn")
            sc.tl.score_genes_cell_cycle(a, s_genes=g[:12], g2m_genes=g[12:])
            a.X = a.X.toarray()
            sc.tl.score_genes(a, g, score_name="dense", ctrl_size=100000)
            ad.AnnData(obs=a.obs).write_h5ad("b.h5ad", compression="gzip")
            """,
        )
        val theirs = sc.readH5ad(folder.resolve("b.h5ad").toString())
        val genes = (10 until 400 step 13).map { adata.varNames[it] } + "NOT_A_GENE"
        sc.tl.scoreGenes(adata, genes, scoreName = "whole", ctrlSize = 100_000)
        sc.tl.scoreGenes(adata, genes, scoreName = "apart", ctrlSize = 100_000, ctrlAsRef = false, nBins = 40)
        val pool = adata.varNames.take(3000) + "NEITHER"
        sc.tl.scoreGenes(adata, genes, scoreName = "pool", ctrlSize = 100_000, genePool = pool)
        sc.tl.scoreGenes(adata, genes, scoreName = "drawn")
        sc.tl.scoreGenesCellCycle(adata, genes.subList(0, 12), genes.subList(12, genes.size))
        for (name in listOf("whole", "apart", "pool")) {
            assertThat(adata.obs[name].toDoubles())
                .`as`(name)
                .containsExactly(theirs.obs[name].toDoubles(), within(Tolerance.PEER))
        }
        val dense = adata.copy()
        dense.X = dense.X.toDense()
        sc.tl.scoreGenes(dense, genes, scoreName = "again", ctrlSize = 100_000)
        assertThat(dense.obs["again"].toDoubles())
            .containsExactly(theirs.obs["dense"].toDoubles(), within(Tolerance.PEER))
        // the controls are drawn: scanpy's own seeds differ as much
        for (name in listOf("drawn", "S_score", "G2M_score")) {
            val seeds = listOf(name) + (1..4).map { "${name}_$it" }
            val among = seeds.drop(1).map { correlation(theirs.obs[name].toDoubles(), theirs.obs[it].toDoubles()) }
            val ours = seeds.map { correlation(adata.obs[name].toDoubles(), theirs.obs[it].toDoubles()) }
            assertThat(ours.average())
                .`as`("$name: $ours, among scanpy's seeds $among")
                .isGreaterThan(among.min() - 0.03)
        }

        fun agreement(a: AnnData, one: String, other: String): Double {
            val pairs = a.obs[one].texts().zip(theirs.obs[other].texts())
            return pairs.count { (x, y) -> x == y } / pairs.size.toDouble()
        }
        val among = (1..4).minOf { agreement(theirs, "phase", "phase_$it") }
        assertThat(agreement(adata, "phase", "phase")).isGreaterThan(among - 0.05)
    }
}
