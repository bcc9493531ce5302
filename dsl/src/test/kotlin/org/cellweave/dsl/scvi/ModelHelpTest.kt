package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test

class ModelHelpTest {
    @Test
    fun `methods of a model are found, its own and those of all models`() {
        val train = scvi.help("SCVI.train")
        assertThat(train.name).isEqualTo("scvi.SCVI.train")
        assertThat(train.signature).startsWith("model.train(\n").contains("maxEpochs: Int? = null")
        assertThat(train.signature).contains("batchSize: Int = 128", "lr: Number = 0.001")
        assertThat(train.arguments.keys).contains("maxEpochs", "checkpoint")
        assertThat(scvi.help("scvi.SCANVI.train()").text).isEqualTo(train.text)
        assertThat(scvi.help("SCANVI.predict").text).contains("predictSoft")
        assertThat(scvi.help("LinearSCVI.getLoadings").signature).isEqualTo("model.getLoadings(): DataFrame")
        val places = scvi.help("SCVI.getLatentRepresentation")
        assertThat(places.signature).contains("giveMean: Boolean = true").endsWith("): DenseMatrix")
        assertThat(places.text).startsWith("Where cells lie")
    }

    @Test
    fun `a method that all models have needs no model before it`() {
        for (name in listOf("getNormalizedExpression", "differentialExpression", "train", "viewAnndataSetup")) {
            assertThat(scvi.help(name).name).isEqualTo("scvi.SCVI.$name")
            assertThat(scvi.help(name).signature).startsWith("model.$name(")
        }
        assertThat(scvi.help("predict").name).isEqualTo("scvi.SCANVI.predict")
        assertThat(scvi.help("model.train").name).isEqualTo("scvi.SCVI.train")
        assertThat(scvi.help("scvi.external.JointEmbeddingSCVI").name).isEqualTo("scvi.JointEmbeddingSCVI")
        assertThat(sc.help("getNormalizedExpression").name).isEqualTo("scvi.SCVI.getNormalizedExpression")
    }

    @Test
    fun `a model lists what makes it and what it can be asked`() {
        val model = scvi.help("SCANVI")
        assertThat(model.verbs.keys).contains("scvi.SCANVI.setupAnndata", "scvi.SCANVI.predict", "scvi.SCANVI.train")
        assertThat(model.verbs.values).allMatch(String::isNotBlank)
        assertThat(sc.help("SCVI").toString()).contains("scvi.help(\"SCVI.", "scvi.SCVI.getElbo")
        val all = scvi.help()
        assertThat(all.verbs.keys).contains("scvi.SCVI.setupAnndata", "scvi.pl.history").noneMatch {
            it
                .endsWith("train")
        }
        assertThat(all.text).contains("scvi.help(\"SCVI\")")
    }

    @Test
    fun `every method has a sentence, and no default is left as an expression`() {
        val methods = VerbIndex.shared.all.filter { it.of != null }
        assertThat(methods).hasSizeGreaterThan(60)
        for (method in methods) {
            assertThat(method.text).`as`(method.name).isNotBlank
            assertThat(method.signature())
                .`as`(method.name)
                .doesNotContain("DEFAULTS")
                .doesNotContainPattern("= [A-Z_]{2,}")
        }
    }

    @Test
    fun `a wrong name gets a near one, an ambiguous one all of them`() {
        assertThatThrownBy { scvi.help("SCVI.trian") }
            .hasMessage("there is no verb 'SCVI.trian'. Did you mean 'scvi.SCVI.train'? scvi.help() lists all.")
        assertThatThrownBy { scvi.help("load") }.hasMessageContaining("scvi.SCANVI.load or scvi.SCVI.load")
    }
}
