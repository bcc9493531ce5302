package org.cellweave.jupyter

import org.objectweb.asm.ClassReader
import org.objectweb.asm.ClassVisitor
import org.objectweb.asm.MethodVisitor
import org.objectweb.asm.Opcodes
import java.lang.reflect.Field
import java.lang.reflect.Modifier

/**
 * Lets go of what a cell defined when another run defines it anew.
 *
 * The kernel keeps every run of every cell, and with it every value that a run has defined. A value is let go of when a
 * later run defines a property of its name and no code that can still run reads the old one: a function, a class or a
 * lambda of any cell that does keeps it.
 */
internal class ReplacedValues {
    /** One run of a cell that has ended well. */
    private class Run(val instance: Any) {
        val type: Class<*> = instance.javaClass
        val fields: MutableMap<String, Field> = propertiesOf(type)
        val uses: Set<Use> = usesOf(type)
    }

    /** Code other than a cell's own statements reads or writes [member] of a run's class. */
    private data class Use(val type: String, val member: String)

    private val runs = mutableListOf<Run>()

    /** Called after every cell with the object that holds what it has defined. */
    fun defined(instance: Any) {
        val run = Run(instance)
        runs.add(run)
        for (name in run.fields.keys) {
            for (earlier in runs) {
                if (earlier !== run && name in earlier.fields) letGo(earlier, name)
            }
        }
    }

    private fun letGo(run: Run, name: String) {
        val accessors = accessorsOf(name)
        if (runs.any { other -> accessors.any { Use(internalName(run.type), it) in other.uses } }) return
        run.fields.remove(name)?.set(run.instance, null)
    }

    private companion object {
        /** Properties whose values take memory of their own and that later cells can see. */
        fun propertiesOf(type: Class<*>): MutableMap<String, Field> {
            val getters = type.methods.mapTo(HashSet()) { it.name }
            return type.declaredFields
                .filter { !it.type.isPrimitive && !Modifier.isStatic(it.modifiers) && '$' !in it.name }
                .filter { field -> accessorsOf(field.name).any(getters::contains) }
                .filter { it.trySetAccessible() }
                .associateByTo(HashMap()) { it.name }
        }

        fun accessorsOf(name: String): List<String> {
            val capital = name.replaceFirstChar { it.uppercaseChar() }
            return listOf(name, "get$capital", "set$capital", "set${name.removePrefix("is")}")
        }

        fun internalName(type: Class<*>): String = type.name.replace('.', '/')

        fun usesOf(type: Class<*>): Set<Use> {
            val uses = HashSet<Use>()
            val seen = HashSet<String>()
            val waiting = ArrayDeque(listOf(internalName(type)))
            while (waiting.isNotEmpty()) {
                val name = waiting.removeFirst()
                if (!seen.add(name)) continue
                val bytes = type.classLoader.getResourceAsStream("$name.class")?.use { it.readBytes() } ?: continue
                val isCell = name == internalName(type)
                ClassReader(bytes).accept(UseFinder(name, isCell, uses, waiting), ClassReader.SKIP_DEBUG)
            }
            return uses
        }
    }

    /** Collects uses in one class and the classes that are written inside it. */
    private class UseFinder(
        private val name: String,
        private val isCell: Boolean,
        private val uses: MutableSet<Use>,
        private val inner: MutableCollection<String>,
    ) : ClassVisitor(Opcodes.ASM9) {
        override fun visitInnerClass(name: String, outer: String?, simple: String?, access: Int) {
            // The list names inner classes of others too, such as Map.Entry.
            if (name.startsWith(this.name.substringBefore('$') + "$")) inner.add(name)
        }

        override fun visitMethod(
            access: Int,
            method: String,
            descriptor: String,
            signature: String?,
            exceptions: Array<String>?,
        ): MethodVisitor? {
            // A cell's own statements have run; its getters are what others would have to call.
            if (isCell && method == "<init>") return null
            return object : MethodVisitor(Opcodes.ASM9) {
                override fun visitMethodInsn(
                    opcode: Int,
                    owner: String,
                    name: String,
                    desc: String,
                    isInterface: Boolean,
                ) {
                    uses.add(Use(owner, name))
                }

                override fun visitFieldInsn(opcode: Int, owner: String, name: String, desc: String) {
                    if (!(isCell && owner == this@UseFinder.name && method in accessorsOf(name))) {
                        uses
                            .add(Use(owner, name))
                    }
                }

                override fun visitInvokeDynamicInsn(
                    name: String,
                    desc: String,
                    factory: org.objectweb.asm.Handle,
                    vararg arguments: Any,
                ) {
                    arguments.filterIsInstance<org.objectweb.asm.Handle>().forEach { uses.add(Use(it.owner, it.name)) }
                }
            }
        }
    }
}
