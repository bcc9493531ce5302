package org.cellweave.io.store;

/** A node that has named members. */
public interface StoreGroup extends StoreNode {}
