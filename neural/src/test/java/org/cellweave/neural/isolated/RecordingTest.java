package org.cellweave.neural.isolated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.module.JointEmbeddingVae;
import org.cellweave.neural.module.KeptParts;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.module.SemiSupervisedVae;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.module.VaeShape;
import org.cellweave.neural.module.VaeShape.Dispersion;
import org.cellweave.neural.module.VaeShape.LatentDistribution;
import org.cellweave.neural.module.VaeShape.Where;
import org.cellweave.neural.nn.Graph;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.Parameters;
import org.cellweave.neural.nn.View;
import org.cellweave.neural.train.Optimizer;
import org.junit.jupiter.api.Test;

class RecordingTest {
  private static final int GENES = 6;

  private static VaeShape shape(
      Likelihood likelihood,
      Dispersion dispersion,
      LatentDistribution latent,
      boolean sizeFactor,
      Where layerNorm) {
    return new VaeShape(
        GENES,
        2,
        3,
        List.of(),
        0,
        4,
        2,
        1,
        0.1,
        dispersion,
        likelihood,
        latent,
        true,
        sizeFactor,
        true,
        true,
        false,
        Where.BOTH,
        layerNorm,
        false,
        true);
  }

  private static VaeShape plain() {
    return shape(Likelihood.NB, Dispersion.GENE, LatentDistribution.NORMAL, false, Where.NONE);
  }

  private static List<String> names(Recording recording) {
    List<String> names = new ArrayList<>();
    recording.operations().forEach(o -> names.add((String) o.get("operation")));
    return names;
  }

  @Test
  void ofAnAutoencoder() {
    Recording made = Recording.of(new Vae(plain(), 1), "kotlindl");
    String encoder = "rows log1p product bias batchNorm relu rows multiply ";
    String place = "product bias product bias variance rows sample ";
    String decoder = "rows product rows product sum bias batchNorm relu product bias ";
    assertThat(String.join(" ", names(made)))
        .isEqualTo(encoder + place + decoder + "reconstruction klStandard mean");
    assertThat(made.rows().width()).isEqualTo(GENES + 4 + 2 + 1 + 2);
    assertThat(made.terms()).extracting(Loss.Term::name).contains("reconstruction_loss");
    assertThat(made.parameters()).extracting(Parameter::name).endsWith("px_scale.0.bias", "px_r");
    Map<String, Object> product = made.operations().get(2);
    assertThat(product)
        .containsEntry("weight", "z_encoder.0.weight")
        .containsEntry("transposed", false)
        .containsEntry("columns", 4)
        .containsEntry("inputs", List.of(1));
  }

  /** What crosses the border belongs to the JDK. */
  @Test
  void aDescriptionIsOfTypesOfTheJdk() {
    Recording made = Recording.of(new Vae(plain(), 1), "kotlindl");
    everyValue(IsolatedBackend.description(made, Optimizer.DEFAULTS));
  }

  private static void everyValue(Object value) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, inner) -> {
            assertThat(name).isInstanceOf(String.class);
            everyValue(inner);
          });
    } else if (value instanceof List<?> list) {
      list.forEach(RecordingTest::everyValue);
    } else {
      assertThat(value).isInstanceOfAny(Number.class, Boolean.class, String.class, float[].class);
    }
  }

  private static void refused(NeuralModule module, String why) {
    assertThatThrownBy(() -> KotlinDl.FACTORY.open(module, Optimizer.DEFAULTS))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "engine = \"kotlindl\" does not train " + why + ": use \"fused\" or \"tensorflow\"");
  }

  @Test
  void namesWhatIsNotTrained() {
    var normal = LatentDistribution.NORMAL;
    for (Dispersion dispersion : Dispersion.values()) {
      if (dispersion != Dispersion.GENE) {
        refused(
            new Vae(shape(Likelihood.ZINB, dispersion, normal, false, Where.NONE), 1),
            "other dispersions than one per gene (dispersion = \"gene\")");
      }
    }
    refused(
        new Vae(shape(Likelihood.NB, Dispersion.GENE, normal, true, Where.NONE), 1),
        "size factors (sizeFactorKey)");
    refused(
        new Vae(shape(Likelihood.NB, Dispersion.GENE, normal, false, Where.ENCODER), 1),
        "layer normalisation (useLayerNorm)");
    refused(
        new Vae(shape(Likelihood.NB, Dispersion.GENE, LatentDistribution.LN, false, Where.NONE), 1),
        "latent places on the simplex (latentDistribution = \"ln\")");
    refused(
        new SemiSupervisedVae(plain(), new SemiSupervisedVae.Labels(3, false, 50), 1),
        "models of labels (SCANVI)");
    refused(
        new JointEmbeddingVae(plain(), new JointEmbeddingVae.JointWeights(10, 1, 1, 1, 0), 1),
        "models of thinned counts (JointEmbeddingSCVI)");
  }

  @Test
  void namesWeightsThatAreTrainedInPart() {
    Vae module = new Vae(plain(), 1);
    module.keepReference(covariate -> 1, KeptParts.DEFAULTS);
    refused(module, "some rows of weights and keep others, as decoder.0.batch (2 x 4) asks for");
  }

  @Test
  void namesWeightsThatAreShared() {
    Parameters parameters = new Parameters(1);
    Parameter weight = parameters.uniform("w", GENES, 1, GENES);
    refused(
        new NeuralModule() {
          @Override
          public Parameters parameters() {
            return parameters;
          }

          @Override
          public Loss loss(Graph graph) {
            Node once = graph.countsTimes(View.CELLS, true, weight);
            Node twice = graph.countsTimes(View.CELLS, true, weight);
            return Loss.builder()
                .add("x", Loss.Part.EXTRA, graph.mean(graph.add(once, twice)), 1, false)
                .build();
          }
        },
        "weights that two layers share, such as 'w'");
  }

  @Test
  void namesADecoupledDecay() {
    assertThatThrownBy(
            () ->
                KotlinDl.FACTORY.open(
                    new Vae(plain(), 1), new Optimizer(0.9, 0.999, 0.01, 1e-6, true)))
        .hasMessageStartingWith(
            "engine = \"kotlindl\" does not train with a decoupled weight decay (AdamW): use");
  }
}
