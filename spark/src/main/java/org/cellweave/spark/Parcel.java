package org.cellweave.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Objects as the bytes in which they travel. */
final class Parcel {
  private Parcel() {}

  /** Gives what travels in the place of an object. */
  @FunctionalInterface
  interface Replacing {
    Object of(Object value) throws NotSerializableException;
  }

  static byte[] pack(Object value) throws NotSerializableException {
    return pack(value, inner -> inner);
  }

  /**
   * @param replaced what goes in the place of an object inside of {@code value}
   */
  static byte[] pack(Object value, Replacing replaced) throws NotSerializableException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new Packing(bytes, value, replaced)) {
      out.writeObject(value);
    } catch (NotSerializableException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Object unpack(byte[] bytes) {
    try (var in = new Unpacking(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "the class "
              + e.getMessage()
              + " is not known here: every executor needs the same jars of Cellweave",
          e);
    }
  }

  private static final class Packing extends ObjectOutputStream {
    private final Object root;
    private final Replacing replaced;

    Packing(OutputStream out, Object root, Replacing replaced) throws IOException {
      super(out);
      this.root = root;
      this.replaced = replaced;
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object value) throws IOException {
      return value == root ? value : replaced.of(value);
    }
  }

  /** Spark loads the jars of its users by a loader of its own, which the thread knows. */
  private static final class Unpacking extends ObjectInputStream {
    Unpacking(InputStream in) throws IOException {
      super(in);
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass type)
        throws IOException, ClassNotFoundException {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      if (loader != null) {
        try {
          return Class.forName(type.getName(), false, loader);
        } catch (ClassNotFoundException e) {
          return super.resolveClass(type);
        }
      }
      return super.resolveClass(type);
    }
  }
}
