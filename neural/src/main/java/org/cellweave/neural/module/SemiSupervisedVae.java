package org.cellweave.neural.module;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.cellweave.neural.nn.Classifier;
import org.cellweave.neural.nn.Covariates;
import org.cellweave.neural.nn.Encoder;
import org.cellweave.neural.nn.FullyConnected;
import org.cellweave.neural.nn.Graph;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Parameters;
import org.cellweave.neural.nn.View;

/**
 * The autoencoder with labels: a classifier on latent places, and a second latent place within
 * every label. Cells with and without a label share one objective, which averages over the labels
 * that the classifier holds possible; cells with a label teach the classifier beside it.
 *
 * @see <a href="https://doi.org/10.15252/msb.20209620">Xu et al. 2021</a>
 */
public final class SemiSupervisedVae extends Vae {
  private final Classifier classifier;
  private final Encoder inner;
  private final Encoder outer;
  private final int classes;
  private final double classificationRatio;

  /**
   * @param classes number of labels, the one for "not labelled" not counted
   * @param linear whether the classifier is a single linear layer
   * @param classificationRatio weight of the cross-entropy
   */
  public record Labels(int classes, boolean linear, double classificationRatio) {}

  public SemiSupervisedVae(VaeShape shape, Labels labels, long seed) {
    super(shape, seed);
    this.classes = labels.classes();
    this.classificationRatio = labels.classificationRatio();
    boolean norm = shape.batchNorm().inEncoder();
    boolean layerNorm = shape.layerNorm().inEncoder();
    classifier =
        new Classifier(
            parameters(),
            new Classifier.Shape(
                shape.latent(),
                shape.hidden(),
                labels.linear() ? 0 : shape.layers(),
                classes,
                shape.dropout(),
                norm,
                layerNorm));
    inner =
        new Encoder(
            parameters(),
            classShape("encoder_z2_z1", shape.dropout(), norm, layerNorm),
            shape.latent(),
            Encoder.VARIANCE_EPSILON);
    outer =
        new Encoder(
            parameters(),
            classShape(
                "decoder_z1_z2", 0, shape.batchNorm().inDecoder(), shape.layerNorm().inDecoder()),
            shape.latent(),
            0);
  }

  /** Every layer sees the label, also where covariates go into the first alone. */
  private FullyConnected.Shape classShape(
      String name, double dropout, boolean batchNorm, boolean layerNorm) {
    Covariates label = Covariates.of(List.of(new Covariates.Level("class", classes)));
    return new FullyConnected.Shape(
        name,
        shape().latent(),
        shape().hidden(),
        shape().hidden(),
        shape().layers(),
        dropout,
        batchNorm,
        layerNorm,
        true,
        true,
        true,
        label,
        0,
        false);
  }

  public Classifier classifier() {
    return classifier;
  }

  public int classes() {
    return classes;
  }

  @Override
  public Set<View> views() {
    return Set.of(View.CELLS, View.LABELLED);
  }

  /** Of every label that the classifier holds possible, by its probability. */
  @Override
  public List<CellTerm> terms(Graph graph, Drawn of) {
    List<CellTerm> out = new ArrayList<>();
    Node z1 = of.z();
    Node repeated = graph.repeat(z1, classes);
    Encoder.Place within = inner.ofClasses(graph, repeated);
    Node z2 = within.sample(graph);
    Encoder.Place back = outer.ofClasses(graph, z2);
    Node probabilities = graph.softmax(classifier.logits(graph, z1));
    Node density = graph.logNormal(z1, of.place().mean(), of.place().variance());
    Node given =
        graph.expected(probabilities, graph.logNormal(repeated, back.mean(), back.variance()));
    Node kl = graph.expected(probabilities, graph.klStandard(within.mean(), within.variance()));
    Node klLabels = graph.klUniform(probabilities);
    if (of.libraryKl() != null) {
      out.add(new CellTerm("kl_library", Loss.Part.KL, of.libraryKl(), 1, true));
    }
    out.add(new CellTerm("log_q_z1", Loss.Part.RECONSTRUCTION, density, 1, false));
    out.add(new CellTerm("log_p_z1", Loss.Part.RECONSTRUCTION, given, -1, false));
    out.add(new CellTerm("kl_local", Loss.Part.KL, kl, 1, true));
    out.add(new CellTerm("kl_labels", Loss.Part.KL, klLabels, 1, true));
    return out;
  }

  @Override
  public List<String> extraTerms() {
    return List.of("classification_loss");
  }

  @Override
  public Loss loss(Graph graph) {
    Loss.Builder loss = Loss.builder();
    elbo(graph, loss, 1);
    if (graph.isTraining()) {
      Node labelled = classifier.logits(graph, encode(graph, View.LABELLED).mean());
      loss.add(
          "classification_loss",
          Loss.Part.EXTRA,
          graph.crossEntropy(labelled, View.LABELLED, "labels"),
          classificationRatio,
          false);
    }
    return loss.build();
  }

  /**
   * The same network with the bound alone as its objective, for cells of which none has a label.
   */
  public NeuralModule withoutClassification() {
    return new NeuralModule() {
      @Override
      public Parameters parameters() {
        return SemiSupervisedVae.this.parameters();
      }

      @Override
      public Loss loss(Graph graph) {
        return SemiSupervisedVae.super.loss(graph);
      }
    };
  }

  @Override
  public void keepReference(ToIntFunction<String> known, KeptParts kept) {
    super.keepReference(known, kept);
    freeze("encoder_z2_z1.", "decoder_z1_z2.");
    inner.body().freezeNorms();
    outer.body().freezeNorms();
    if (kept.classifier()) {
      freeze("classifier.");
      classifier.freezeNorms();
    }
  }
}
