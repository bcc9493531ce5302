package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.RecordArray
import org.cellweave.matrix.DenseMatrix
import org.cellweave.testing.Captured
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

/** Genes of raw, columns of var and names of users meet by name, and names that repeat are refused. */
class MatchedByNameTest {
    @TempDir
    lateinit var folder: Path

    private fun fails(message: String, body: () -> Any?) {
        assertThatThrownBy { body() }.hasMessageContaining(message).message().doesNotContain("\n")
    }

    /** 4 cells; g0 holds 1s, g1 10s, g2 100s in raw; X has g2 and g0, turned round. */
    private fun turned(kept: List<String> = listOf("g2", "g1", "g0")): AnnData {
        val a = AnnData(DenseMatrix.wrap(FloatArray(12) { floatArrayOf(1f, 10f, 100f)[it % 3] }, 4, 3))
        a.varNames = listOf("g0", "g1", "g2")
        a.obs["n"] = listOf("a", "a", "b", "b")
        a.setRaw(a)
        return a[all, kept].copy()
    }

    private fun column(table: DataFrame, key: String): List<Double> = table.get(key).toDoubles().toList()

    @Test
    fun `metrics of raw are those of the genes of that name`() {
        val b = turned()
        b.`var`["mt"] = listOf(false, false, true)
        sc.pp.calculateQcMetrics(b, useRaw = true, qcVars = "mt", percentTop = null)
        assertThat(column(b.`var`, "total_counts")).containsExactly(400.0, 40.0, 4.0)
        assertThat(b.obs["n_genes_by_counts"].dtypeName()).isEqualTo("int64")
        b.raw.x
            .toCsr()
            .let { b.X = it }
        sc.pp.calculateQcMetrics(b, percentTop = null)
        assertThat(b.obs["n_genes_by_counts"].dtypeName()).isEqualTo("int32")
        assertThat(column(b.obs, "total_counts_mt")).containsExactly(1.0, 1.0, 1.0, 1.0)
        assertThat(column(b.obs, "total_counts").first()).isEqualTo(111.0)
    }

    @Test
    fun `a mask that says nothing of a gene of raw is refused, unless raw has the column`() {
        val b = turned(listOf("g2", "g0"))
        b.`var`["mt"] = listOf(false, true)
        fails("qcVars 'mt' says nothing of the 1 genes that only raw has, such as 'g1'; set adata.raw.var[\"mt\"]") {
            sc.pp.calculateQcMetrics(b, useRaw = true, qcVars = listOf("mt"), percentTop = null)
        }
        b.raw.`var`["mt"] = listOf(false, true, false)
        sc.pp.calculateQcMetrics(b, useRaw = true, qcVars = listOf("mt"), percentTop = null)
        assertThat(column(b.obs, "total_counts_mt").first()).isEqualTo(11.0)
        assertThat(column(b.`var`, "total_counts")).containsExactly(400.0, 4.0)
        b.varNames = listOf("g2", "other")
        fails("raw lacks 1 genes of var, such as 'other'") {
            sc.pp.calculateQcMetrics(b, useRaw = true, percentTop = null)
        }
    }

    @Test
    fun `a ranking of raw takes a mask of var by name`() {
        val b = turned(listOf("g2", "g0"))
        b.`var`["use"] = listOf(true, false)

        fun ranked(mask: Any): List<String> {
            sc.tl.rankGenesGroups(b, "n", maskVar = mask, groups = "all", method = "t-test")
            @Suppress("UNCHECKED_CAST")
            val names = (b.uns["rank_genes_groups"] as Map<String, Any?>)["names"] as RecordArray
            return names.get("a").texts().toList()
        }
        assertThat(ranked("use")).containsExactly("g2")
        assertThat(ranked(booleanArrayOf(false, true))).containsExactly("g0")
        fails("maskVar leaves none of the 3 genes to rank") { ranked(booleanArrayOf(false, false)) }
        fails("maskVar has length 4, but the number of genes is 2") { ranked(BooleanArray(4)) }
        fails("groups must be among [a, b], got '1'") { sc.tl.rankGenesGroups(b, "n", groups = listOf(1)) }
    }

    @Test
    fun `names that repeat are refused wherever one is asked for`() {
        val a = sc.datasets.simulatedBatches(nCells = 40, nGenes = 60)
        a.varNames = List(60) { if (it < 3) "g" else "g$it" }
        a.`var`["sym"] = List(60) { if (it in 5..6) "s" else "s$it" }
        val twice = "var_names['g'] stands for 3 genes (positions 0, 1, 2)"
        fails(twice) { a[all, "g"] }
        fails(twice) { sc.get.obsDf(a, "g") }
        fails(twice) { a.obsVector("g") }
        fails(twice) { sc.tl.scoreGenes(a, "g") }
        fails(twice) { sc.tl.scoreGenes(a, listOf("g8", "g9"), genePool = listOf("g", "g8", "g9")) }
        fails("but 2 names of genes repeat") { a.toDf() }
        fails("var['sym']['s'] stands for 2 genes ('g5', 'g6')") { sc.get.obsDf(a, "s", geneSymbols = "sym") }
        assertThat(
            sc.get
                .obsDf(a, "g7")
                .get("g7")
                .toDoubles(),
        ).isEqualTo(a.obsVector("g7").toDoubles())
        a.obsNames = List(40) { if (it < 2) "c" else "c$it" }
        fails("obs_names['c'] stands for 2 cells (positions 0, 1)") { sc.get.varDf(a, "c") }
        fails("obs_names['c'] stands for 2 cells") { a[listOf("c")] }
    }

    @Test
    fun `symbols that only var has name the genes of raw, and the other way round`() {
        val a = turned(listOf("g2", "g0"))
        a.`var`["sym"] = listOf("two", "zero")
        assertThat(column(sc.get.obsDf(a, "two", geneSymbols = "sym", useRaw = true), "two")).containsOnly(100.0)
        // g1 is in raw alone and has no symbol
        fails("obs or var names['one'] is missing") { sc.get.obsDf(a, "one", geneSymbols = "sym", useRaw = true) }
        a.raw.`var`["other"] = listOf("r0", "r1", "r2")
        assertThat(column(sc.get.obsDf(a, "r2", geneSymbols = "other"), "r2")).containsOnly(100.0)
        fails("obs or var names['r1'] is missing") { sc.get.obsDf(a, "r1", geneSymbols = "other") }
        fails("var['no'] is missing") { sc.get.obsDf(a, "two", geneSymbols = "no", useRaw = true) }
    }

    @Test
    fun `all missing keys are named`() {
        val a = turned()
        fails("obs or var names['x', 'y'] are missing") { sc.get.obsDf(a, listOf("g1", "x", "n", "y", "x")) }
        val inObs = "obs['x', 'y'] are missing; obs has [n]"
        fails(inObs) { sc.pp.regressOut(a, listOf("x", "y")) }
        fails(inObs) { sc.pp.combat(a, key = "n", covariates = listOf("x", "y")) }
        fails(inObs) { sc.get.aggregate(a, listOf("x", "y"), "mean") }
        fails("var['x', 'y'] are missing") { sc.pp.calculateQcMetrics(a, qcVars = listOf("x", "y")) }
        fails("var or obs names['x', 'y'] are missing") { sc.get.varDf(a, listOf("x", "y")) }
        fails("var_names['x', 'y'] are missing; var_names has [g2, g1, g0]") { a[all, listOf("x", "g1", "y")] }
    }

    @Test
    fun `reading names that repeat warns in anndata's words`() {
        val a = turned()
        a.varNames = listOf("g", "g", "h")
        a.obsNames = listOf("c", "c", "d", "e")
        val file = folder.resolve("a.h5ad").toString()
        a.writeH5ad(file)
        assertThat(Captured.standardError { sc.readH5ad(file) })
            .contains("Variable names are not unique. To make them unique, call adata.varNamesMakeUnique().")
            .contains("Observation names are not unique. To make them unique, call adata.obsNamesMakeUnique().")
        val b = turned()
        assertThat(Captured.standardError { sc.concat(listOf(b, b)) }).contains("Observation names are not unique.")
        assertThat(Captured.standardError { sc.concat(listOf(b, b), indexUnique = "-") }).isEmpty()
    }

    @Test
    fun `masks by name, by array, and what is no mask`() {
        val a = turned()
        a.obs["some"] = booleanArrayOf(true, false, false, true)
        a.obs["holes"] = listOf(true, null, false, true)
        val sums = sc.get.aggregate(a, by = "n", func = listOf("sum"), mask = "some", axis = "obs")
        assertThat(
            sums.layers
                .get("sum")
                .toDense()
                .get(0, 0),
        ).isEqualTo(100.0)
        fails("obs['holes'] must not have missing values") { sc.get.aggregate(a, "n", "sum", mask = "holes") }
        fails("mask must be boolean, but obs['n'] is ") { sc.get.aggregate(a, "n", "sum", mask = "n") }
        fails("obs['none'] is missing") { sc.pp.scale(a, maskObs = "none") }
        fails("axis must be one of [obs, var, 0, 1], got '2'") { sc.get.aggregate(a, "n", "sum", axis = 2) }
        fails("axis must be one of [obs, var, 0, 1], got 'cells'") { sc.concat(listOf(a, a), axis = "cells") }
        assertThat((a.obs["holes"] as org.cellweave.data.BooleanColumn).isNullable).isTrue
        assertThat(a.obs["n"]).isNotInstanceOf(NumericColumn::class.java)
    }
}
