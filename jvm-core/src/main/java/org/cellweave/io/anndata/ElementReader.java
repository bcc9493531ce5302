package org.cellweave.io.anndata;

import java.util.function.Consumer;
import org.cellweave.data.OpaqueElement;
import org.cellweave.io.store.StoreArray;
import org.cellweave.io.store.StoreGroup;
import org.cellweave.io.store.StoreNode;
import org.cellweave.io.store.StoreReader;
import org.cellweave.io.store.StoredElement;
import org.cellweave.util.FormatException;

/** Reads any element of an AnnData store by what {@link ElementRegistry} knows of its encoding. */
final class ElementReader {
  private static final int MAX_DEPTH = 100;

  private final StoreReader source;
  private final Consumer<String> warnings;
  private final ElementRegistry registry = ElementRegistry.STANDARD;

  ElementReader(StoreReader source, Consumer<String> warnings) {
    this.source = source;
    this.warnings = warnings;
  }

  StoreReader source() {
    return source;
  }

  Consumer<String> warnings() {
    return warnings;
  }

  Object read(StoreNode node, String key, Element.Place place) {
    return read(new Element(node, key, place, 0));
  }

  /** Null for None; an {@link OpaqueElement} for what is not known here. */
  Object read(Element element) {
    source.step();
    if (element.depth() > MAX_DEPTH) {
      throw source.bad(
          element.key(), "is nested deeper than " + MAX_DEPTH + " levels; the file is damaged");
    }
    Encoding encoding = encoding(element);
    if (encoding.type().isEmpty()) {
      return registry.readOld(this, element);
    }
    ElementRegistry.Reading reading = registry.reader(encoding);
    if (reading != null) {
      return source.guard(element.key(), () -> reading.read(this, element));
    }
    Encoding known = registry.known(encoding.type());
    if (known != null) {
      throw source.bad(
          element.key(),
          "has encoding "
              + encoding
              + ", expected "
              + known
              + "; a newer anndata wrote it, so update Cellweave");
    }
    return unknown(element, encoding.type(), encoding.version());
  }

  /** What the element says it is; of empty texts where it says nothing. */
  Encoding encoding(Element e) {
    return new Encoding(
        source.text(e.node(), "encoding-type", e.key()),
        source.text(e.node(), "encoding-version", e.key()));
  }

  /**
   * An element that cannot be understood: its values where they are sound, else the reason why they
   * cannot be kept. The caller decides whether there is a place for it.
   */
  OpaqueElement unknown(Element e, String type, String version) {
    OpaqueElement.Content content;
    try {
      content = new StoredElement.Kept(source.whole(e.node(), e.key()));
    } catch (FormatException damaged) {
      content = new StoredElement.Refused(damaged.getMessage());
    }
    return new OpaqueElement(source.path(), e.key(), type, version, content);
  }

  // ------------------------------------------------------------------------------ members

  StoreGroup group(Element e) {
    return source.group(e.node(), e.key());
  }

  /** A one-dimensional array that the element must have. */
  StoreArray row(StoreGroup group, Element e, String name) {
    return source.array(required(group, e, name), e.key() + "/" + name).requireRow();
  }

  StoreNode required(StoreGroup group, Element e, String name) {
    StoreNode node = source.child(group, name, e.key());
    if (node == null) {
      throw source.bad(e.key(), "lacks its member '" + name + "'; the file is damaged");
    }
    return node;
  }

  // ----------------------------------------------------------------------------- warnings

  /** Tells of what was not read as it stands. */
  void warn(String sentence) {
    warnings.accept(sentence);
  }

  /** Says early that the object cannot be written with this element. */
  void warnOfRefused(Object value) {
    if (value instanceof OpaqueElement o && o.content() instanceof StoredElement.Refused refused) {
      warnings.accept(
          source.path()
              + ": '"
              + o.key()
              + "' cannot be kept, remove it before the object is written; "
              + refused.why());
    }
  }
}
