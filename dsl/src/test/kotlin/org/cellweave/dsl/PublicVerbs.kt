package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.Raw
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import java.nio.file.Path
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.extension
import kotlin.io.path.invariantSeparatorsPathString
import kotlin.io.path.walk
import kotlin.reflect.KVisibility
import kotlin.reflect.full.declaredMemberProperties
import kotlin.reflect.jvm.javaGetter
import kotlin.reflect.jvm.kotlinFunction

/**
 * What users can call, read from the compiled classes: verbs of `sc`, `c2v`, `scvi`, `ad` and their namespaces with the
 * methods of models, which the index is compared with, and what an AnnData has.
 */
internal class PublicVerbs {
    /** @property namespace as a script writes it: `sc`, `sc.pp`, `c2v.tl` */
    data class Verb(val namespace: String, val name: String, val arguments: List<String>)

    private val facades = facades()
    private val namespaces = namespaces()

    val verbs: List<Verb> =
        facades.flatMap { extensions(it) } + namespaces.keys.flatMap { members(it) } + methodsOfMade()

    /** Names as a script writes them behind an AnnData. */
    val ofAnnData: Set<String> = membersOf(AnnData::class.java)

    /** The same behind the snapshot of one. */
    val ofRaw: Set<String> = membersOf(Raw::class.java)

    private fun facades(): List<Class<*>> {
        val folder = Path.of(
            Cellweave::class.java.protectionDomain.codeSource.location
                .toURI(),
        )
        return classFiles(folder).map { Class.forName(it, false, javaClass.classLoader) }
    }

    @OptIn(ExperimentalPathApi::class)
    private fun classFiles(folder: Path): List<String> =
        folder
            .walk()
            .filter { it.extension == "class" }
            .map {
                folder
                    .relativize(it)
                    .invariantSeparatorsPathString
                    .removeSuffix(".class")
                    .replace('/', '.')
            }.filter { it.endsWith("Kt") && it.startsWith(PACKAGE) }
            .sorted()
            .toList()

    /** `sc`, `c2v`, `scvi` and the objects that hang below them, by their path. */
    private fun namespaces(): Map<Class<*>, String> {
        val found = linkedMapOf<Class<*>, String>(
            Cellweave::class.java to "sc",
            ClonalAnalysis::class.java to "c2v",
            Pyplot::class.java to "plt",
            RcParams::class.java to "rcParams",
            GenerativeModels::class.java to "scvi",
            AnndataDoor::class.java to "ad",
            NumPy::class.java to "np",
            Pandas::class.java to "pd",
            Seaborn::class.java to "sns",
            SciPy::class.java to "sp",
            SparseMatrices::class.java to "sparse",
            Statistics::class.java to "stats",
            OperatingSystem::class.java to "os",
        )
        val open = ArrayDeque(found.keys)
        while (open.isNotEmpty()) {
            val parent = open.removeFirst()
            for ((name, type) in properties(parent)) {
                if (isNamespace(type) && type !in found) {
                    found[type] = "${found.getValue(parent)}.$name"
                    open += type
                }
            }
        }
        return found
    }

    private fun properties(owner: Class<*>): List<Pair<String, Class<*>>> {
        val members = owner.declaredMethods.filter { !isStatic(it) && it.parameterCount == 0 }
        val added = facades.flatMap { f ->
            f.declaredMethods.filter {
                isStatic(it) &&
                    it.parameterTypes.toList() == listOf(owner)
            }
        }
        // names of models begin with a capital, which a getter does not tell
        val names = owner.kotlin.declaredMemberProperties.associate { it.javaGetter to it.name }
        return (members + added).filter { isPublic(it) }.mapNotNull { m ->
            (names[m] ?: property(m.name))?.let { it to m.returnType }
        }
    }

    private fun isNamespace(type: Class<*>) =
        type.name.startsWith(PACKAGE) && type != Absent::class.java &&
            type.fields.any { it.name == "INSTANCE" && it.type == type }

    private fun extensions(facade: Class<*>): List<Verb> =
        facade.declaredMethods
            .filter { isPublic(it) && isStatic(it) && it.parameterCount > 0 }
            .mapNotNull { m -> namespaces[m.parameterTypes[0]]?.let { verb(it, m) } }

    private fun members(namespace: Class<*>): List<Verb> =
        namespace.declaredMethods
            .filter { isPublic(it) && !isStatic(it) }
            .mapNotNull { verb(namespaces.getValue(namespace), it) }

    /** Methods of what `invoke` of a namespace makes, with those of the classes above. */
    private fun methodsOfMade(): List<Verb> =
        facades
            .flatMap { it.declaredMethods.toList() }
            .filter { isPublic(it) && isStatic(it) && it.name == "invoke" }
            .mapNotNull { maker -> namespaces[maker.parameterTypes[0]]?.let { it to maker.returnType } }
            .flatMap { (namespace, made) ->
                generateSequence(made) { it.superclass }
                    .takeWhile { it.name.startsWith(PACKAGE) }
                    .toList()
                    .flatMap(::methods)
                    .mapNotNull { verb(namespace, it) }
            }

    private fun methods(type: Class<*>): List<Method> {
        val own = type.declaredMethods.filter { !isStatic(it) && it.name !in OF_ALL_OBJECTS }
        val added =
            facades.flatMap { f ->
                f.declaredMethods.filter { isStatic(it) && it.parameterTypes.firstOrNull() == type }
            }
        return (own + added).filter { isPublic(it) }
    }

    /** Null for accessors of properties and for what Kotlin keeps internal. */
    private fun verb(namespace: String, method: Method): Verb? {
        val function = method.kotlinFunction ?: return null
        if (function.visibility != KVisibility.PUBLIC) return null
        return Verb(namespace, function.name, function.parameters.mapNotNull { it.name })
    }

    private fun membersOf(type: Class<*>): Set<String> {
        val own = type.methods.filter { it.declaringClass == type }
        val added = facades.flatMap { f ->
            f.declaredMethods.filter { isPublic(it) && isStatic(it) && it.parameterTypes.firstOrNull() == type }
        }
        return (own + added).flatMap { listOf(it.name, property(it.name) ?: it.name) }.toSortedSet()
    }

    /** `getNObs` and `isView` as Kotlin has them: `nObs`, `isView`. */
    private fun property(accessor: String): String? =
        Regex("^get([A-Z].*)$").find(accessor)?.groupValues?.get(1)?.let { name ->
            if (name.length == 1) name else name.replaceFirstChar { it.lowercase() }
        } ?: accessor.takeIf { Regex("^is[A-Z].*").matches(it) }

    private fun isPublic(m: Method) = Modifier.isPublic(m.modifiers) && !m.isSynthetic

    private fun isStatic(m: Method) = Modifier.isStatic(m.modifiers)

    private companion object {
        const val PACKAGE = "org.cellweave.dsl."
        val OF_ALL_OBJECTS = setOf("toString", "equals", "hashCode")
    }
}
