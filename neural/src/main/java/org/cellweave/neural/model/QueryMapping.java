package org.cellweave.neural.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.CountRows;
import org.cellweave.neural.data.MatchedGenes;
import org.cellweave.neural.module.KeptParts;

/**
 * New cells for a trained model, its reference: their genes are brought in order, levels of batches
 * and covariates that the reference does not know are added after its own, and training changes
 * little else than the weights of those.
 *
 * <p>Departure from scvi-tools: what is kept is not trained at all, where gradients of zero would
 * leave weight decay at work; a reference of a single batch keeps its places when a second one
 * comes.
 *
 * @see <a href="https://doi.org/10.1038/s41587-021-01001-7">Lotfollahi et al. 2022</a>
 */
public final class QueryMapping {
  private static final double LEAST_SHARE = 0.8;

  private QueryMapping() {}

  /**
   * Counts in the genes of a model.
   *
   * @param rows genes in the model's order; those that were missing count zero
   * @param found genes of the model that were there
   * @param warnings a sentence where many were missing
   */
  public record Prepared(CountRows rows, int found, List<String> warnings) {}

  /**
   * Brings genes in the order of a model.
   *
   * @param rows whose genes have names
   * @throws IllegalArgumentException when the model or the counts have no gene names, or none in
   *     common
   */
  public static Prepared prepareQuery(CountModel reference, CountRows rows) {
    String[] genes = reference.registry().genes();
    if (genes == null) {
      throw new IllegalArgumentException(
          "this "
              + reference.name()
              + " model was made without gene names, so that genes cannot be"
              + " matched. Give counts of the same "
              + reference.nGenes()
              + " genes");
    }
    MatchedGenes matched = new MatchedGenes(rows, genes);
    int found = matched.found();
    if (found == 0) {
      throw new IllegalArgumentException(
          "none of the "
              + genes.length
              + " genes of the "
              + reference.name()
              + " model is there; it has "
              + Registry.shown(List.of(genes))
              + ". Names must be of the same kind");
    }
    List<String> warnings = new ArrayList<>();
    if (found < LEAST_SHARE * genes.length) {
      warnings.add(
          String.format(
              java.util.Locale.ROOT,
              "%d of the model's %d genes are there (%.0f %%); the others count zero, and places"
                  + " may be poor",
              found,
              genes.length,
              100.0 * found / genes.length));
    }
    return new Prepared(matched, found, List.copyOf(warnings));
  }

  /**
   * A model for new cells that begins with the weights of a trained one. Train it on them; weight
   * decay need not be turned off.
   *
   * @param query cells of the model's genes, with any batches
   * @param kept parts that stay as they are; null to train all
   * @return a model of the same kind
   */
  @SuppressWarnings("unchecked")
  public static <M extends CountModel> M loadQueryData(
      M reference, CellData query, KeptParts kept) {
    if (!reference.isTrained() && reference.reference() == null) {
      throw new IllegalStateException(
          "this " + reference.name() + " model is not trained, and no reference for new cells yet");
    }
    query.requireCounts("a model for new cells");
    Registry all = reference.registry().extended(query, reference.name());
    CountModel made = reference.remade(all, kept == null || !kept.dropout());
    made.module().parameters().takeReference(reference.module().parameters());
    Map<String, Integer> known = new LinkedHashMap<>();
    reference.registry().levels().forEach((key, levels) -> known.put(key, levels.size()));
    made.reference(new Reference(known, kept));
    // refuses labels that the reference does not know before anybody waits for training
    made.read(query);
    return (M) made;
  }
}
