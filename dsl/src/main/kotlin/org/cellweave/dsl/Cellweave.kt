package org.cellweave.dsl

import org.cellweave.dsl.session.Settings

/** scanpy's module tree: `sc.pp`, `sc.tl`, `sc.pl`, `sc.get`, `sc.metrics`, `sc.datasets`, `sc.settings`. */
public val sc: Cellweave get() = Cellweave

/** What [sc] refers to. Verbs are extension functions on the namespaces below, one file each. */
public object Cellweave {
    /** Preprocessing. */
    public val pp: Preprocessing get() = Preprocessing

    /** Tools: embeddings, clustering, differential expression. */
    public val tl: Tools get() = Tools

    /** Figures. */
    public val pl: Plotting get() = Plotting

    /** Values out of an object, as tables. */
    public val get: Get get() = Get

    /** Measures of graphs, clusterings and integrations. */
    public val metrics: Metrics get() = Metrics

    /** Data sets, made here or loaded. */
    public val datasets: Datasets get() = Datasets

    /** Messages, and versions for a report of a problem. */
    public val logging: Logging get() = Logging

    /** What applies to every call: threads, logging, figures. */
    public val settings: Settings get() = Settings

    /** The version of Cellweave. */
    public val version: String get() = Cellweave::class.java.`package`?.implementationVersion ?: "development"
}

/** Namespace of `sc.pp`. */
public object Preprocessing

/** Namespace of `sc.tl`. */
public object Tools

/** Namespace of `sc.pl`. */
public object Plotting

/** Namespace of `sc.get`. */
public object Get

/** Namespace of `sc.metrics`. */
public object Metrics

/** Namespace of `sc.datasets`. */
public object Datasets
