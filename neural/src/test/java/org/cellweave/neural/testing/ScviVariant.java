package org.cellweave.neural.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.module.JointEmbeddingVae;
import org.cellweave.neural.module.JointEmbeddingVae.JointWeights;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.module.SemiSupervisedVae;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.module.VaeShape;
import org.cellweave.neural.module.VaeShape.Dispersion;
import org.cellweave.neural.module.VaeShape.LatentDistribution;
import org.cellweave.neural.module.VaeShape.Where;

/** One module of {@link ScviReference} in our words, and what scvi-tools makes of it. */
public final class ScviVariant {
  private static final int GENES = 40;
  private static final int HIDDEN = 16;
  private static final int LATENT = 5;
  private static final int CLASSES = 3;

  private final ScviReference reference;
  private final String name;
  private final Map<String, String> settings;
  private final NeuralModule module;

  ScviVariant(ScviReference reference, String name, Map<String, String> settings) {
    this.reference = reference;
    this.name = name;
    this.settings = settings;
    this.module = made();
  }

  private NeuralModule made() {
    return switch (settings.get("module")) {
      case "SCANVAE" ->
          new SemiSupervisedVae(
              shape(),
              new SemiSupervisedVae.Labels(
                  CLASSES, flag("linear_classifier"), number("classification_ratio")),
              1);
      case "JointEmbeddingVAE" ->
          new JointEmbeddingVae(
              shape(),
              new JointWeights(
                  number("joint_embedding_weight"),
                  number("lambda_off_diag"),
                  number("reconstruction_weight"),
                  number("variance_weight"),
                  10),
              1);
      default -> new Vae(shape(), 1);
    };
  }

  private VaeShape shape() {
    boolean linear = settings.get("module").equals("LDVAE");
    List<Integer> categories = new ArrayList<>();
    for (String n : settings.getOrDefault("n_cats_per_cov", "[]").split("\\D+")) {
      if (!n.isEmpty()) {
        categories.add(Integer.parseInt(n));
      }
    }
    Where batchNorm =
        linear ? (flag("use_batch_norm") ? Where.BOTH : Where.ENCODER) : where("use_batch_norm");
    return new VaeShape(
        GENES,
        batches(),
        CLASSES + 1,
        categories,
        (int) number("n_continuous_cov"),
        HIDDEN,
        LATENT,
        Math.max(1, (int) Math.max(number("n_layers"), number("n_layers_encoder"))),
        number("dropout_rate"),
        Dispersion.valueOf(upper("dispersion").replace('-', '_')),
        Likelihood.valueOf(upper("gene_likelihood")),
        LatentDistribution.valueOf(upper("latent_distribution")),
        flag("use_observed_lib_size"),
        flag("use_size_factor_key"),
        flag("log_variational"),
        !"False".equals(settings.get("deeply_inject_covariates")),
        flag("encode_covariates"),
        batchNorm,
        linear ? Where.NONE : where("use_layer_norm"),
        linear,
        flag("bias"));
  }

  private int batches() {
    return (int) number("n_batch");
  }

  private String upper(String key) {
    return settings.get(key).toUpperCase(Locale.ROOT);
  }

  private Where where(String key) {
    return Where.valueOf(upper(key));
  }

  /** False when it is missing. */
  private boolean flag(String key) {
    return "True".equals(settings.get(key));
  }

  /** Zero when it is missing. */
  private double number(String key) {
    return Double.parseDouble(settings.getOrDefault(key, "0"));
  }

  public NeuralModule module() {
    return module;
  }

  public Minibatch minibatch() {
    return reference.minibatch(batches(), flag("use_size_factor_key"));
  }

  /** The weights to begin with. */
  public Map<String, float[]> start() {
    return reference.start(module.parameters(), name);
  }

  /** Of the first step; zeros for running statistics. */
  public Map<String, float[]> gradients() {
    return reference.row(module.parameters(), name, 0);
  }

  /** How far the first step moved parameters and running statistics. */
  public Map<String, float[]> movedOnce() {
    return reference.row(module.parameters(), name, 1);
  }

  /** As {@link #movedOnce}, after all steps. */
  public Map<String, float[]> moved() {
    return reference.row(module.parameters(), name, 2);
  }

  /** Terms of the objective before the first step. */
  public Map<String, Double> training() {
    return reference.terms(name + "/training");
  }

  /** Terms after all steps, with running statistics and without dropout. */
  public Map<String, Double> evaluation() {
    return reference.terms(name + "/evaluation");
  }
}
