package org.cellweave.io.hdf5;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import org.cellweave.io.store.StoreGroup;
import org.cellweave.io.store.StoreNode;

/** A node as jHDF found it. */
class H5Node implements StoreNode {
  private final Node node;

  private H5Node(Node node) {
    this.node = node;
  }

  /** Null for null. */
  static H5Node of(Node node) {
    return node == null ? null : node instanceof Group g ? new OfGroup(g) : new H5Node(node);
  }

  /** A group, which may be asked for its members. */
  static final class OfGroup extends H5Node implements StoreGroup {
    OfGroup(Group group) {
      super(group);
    }
  }

  static Node jhdf(StoreNode node) {
    return node == null ? null : ((H5Node) node).node;
  }

  static Group jhdf(StoreGroup group) {
    return (Group) ((H5Node) group).node;
  }

  @Override
  public boolean isGroup() {
    return node instanceof Group;
  }

  @Override
  public boolean isArray() {
    return node instanceof Dataset;
  }
}
