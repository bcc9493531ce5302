package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.dsl.pl.Drawing
import org.cellweave.dsl.pl.FigureSamples
import org.cellweave.dsl.pl.Specs
import org.junit.jupiter.api.Test

class HistoryFigureTest {
    private fun model(): ScanviModel {
        val adata = sc.datasets.simulatedBatches(nCells = 120, nGenes = 30, nBatches = 2, nTypes = 3)
        scvi.SCANVI.setupAnndata(adata, "cell_type", "Unknown", batchKey = "batch")
        val model = scvi.SCANVI(adata, nHidden = 8, nLatent = 3)
        model.train(maxEpochs = 8, checkValEveryNEpoch = 1, lr = 0.01)
        return model
    }

    private fun values(plot: Map<String, Any>, aesthetic: String) = Specs.scale(plot, aesthetic)["values"]

    @Test
    fun `every key has a dash pattern of its own, which the legend shows`() {
        val model = model()
        val keys = listOf("elbo_train", "elbo_validation", "reconstruction_loss_train")
        val one = scvi.pl.history(mapOf("a" to model), keys, save = path("history_keys"))
        val plot = Specs.plots(one).single()
        assertThat(values(plot, "linetype")).isEqualTo(listOf("solid", "dashed", "dotted"))
        assertThat(Specs.scale(plot, "linetype")["limits"]).isEqualTo(keys)
        assertThat(Specs.scale(plot, "linetype")["guide"]).isEqualTo("legend")
        assertThat(Specs.scale(plot, "color")["limits"]).isEqualTo(keys)
        val two = scvi.pl.history(mapOf("a" to model, "b" to model), keys.take(2), save = path("history_models"))
        assertThat(values(Specs.plots(two).single(), "linetype"))
            .isEqualTo(listOf("solid", "dashed", "solid", "dashed"))
    }

    @Test
    fun `what has another unit has a panel of its own`() {
        val model = mapOf("a" to model())
        val keys = listOf("elbo_train", "kl_weight", "train_accuracy", "elbo_validation", "learning_rate")
        val figure = scvi.pl.history(model, keys, save = path("history_units"))
        assertThat(Specs.plots(figure)).hasSize(4)
        assertThat(Drawing(figure).texts).contains("per cell", "kl_weight", "train_accuracy", "learning_rate", "Epoch")
        assertThat(Specs.plots(scvi.pl.history(model, "elbo_train"))).hasSize(1)
        val seven = model
            .getValue("a")
            .history.keys
            .filter { "_loss" in it || "elbo" in it || "kl_local" in it }
            .take(7)
        assertThat(Specs.plots(scvi.pl.history(model, seven))).hasSize(2)
        assertThatThrownBy { scvi.pl.history(model, mapOf("a" to 1)) }
            .hasMessage("keys must be a text or a list of texts, got SingletonMap")
    }

    private fun path(name: String) = FigureSamples.figures.resolve("scvi_$name.png").toString()
}
