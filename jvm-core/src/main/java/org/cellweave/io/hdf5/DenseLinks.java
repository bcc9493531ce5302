package org.cellweave.io.hdf5;

import io.jhdf.AbstractNode;
import io.jhdf.ObjectHeader;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.links.ExternalLink;
import io.jhdf.links.SoftLink;
import io.jhdf.object.message.LinkInfoMessage;
import io.jhdf.object.message.LinkMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The members of a group that has too many for its header: an index (version 2 B-tree) of entries
 * in a heap of blocks that grow by powers of two. jHDF reads the smaller ones of these only.
 *
 * @see <a href="https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html">the format</a>
 */
final class DenseLinks {
  private static final int INDEX_OVERHEAD = 10;
  private static final int HASH = 4;
  private static final int MAX_DEPTH = 16;
  private static final long NOWHERE = -1;

  private final H5Source source;
  private final String key;
  private final int offsetSize;
  private final int lengthSize;
  private Heap heap;

  private DenseLinks(H5Source source, String key) {
    this.source = source;
    this.key = key;
    this.offsetSize = source.storage().getSizeOfOffsets();
    this.lengthSize = source.storage().getSizeOfLengths();
  }

  /** The members of {@code group}, or null when it keeps them in another way. */
  static Map<String, Node> of(H5Source source, Group group, String key) {
    if (!(group instanceof AbstractNode node)) {
      return null;
    }
    ObjectHeader header = node.getHeader();
    if (!header.hasMessageOfType(LinkInfoMessage.class)) {
      return null;
    }
    LinkInfoMessage info = header.getMessageOfType(LinkInfoMessage.class);
    if (info.getBTreeNameIndexAddress() == NOWHERE) {
      return null;
    }
    return new DenseLinks(source, key).read(group, info);
  }

  private Map<String, Node> read(Group group, LinkInfoMessage info) {
    heap = new Heap(info.getFractalHeapAddress());
    Map<String, Node> out = new LinkedHashMap<>();
    for (byte[] id : new Index(info.getBTreeNameIndexAddress()).heapIds()) {
      ByteBuffer bytes = ByteBuffer.wrap(heap.object(id)).order(ByteOrder.LITTLE_ENDIAN);
      LinkMessage link = LinkMessage.fromBuffer(bytes, source.storage().getSuperblock());
      String name = link.getLinkName();
      out.put(
          name,
          switch (link.getLinkType()) {
            case HARD -> source.byAddress(link.getHardLinkAddress(), key + "/" + name);
            case SOFT -> new SoftLink(link.getSoftLink(), name, group);
            case EXTERNAL ->
                new ExternalLink(link.getExternalFile(), link.getExternalPath(), name, group);
          });
    }
    return out;
  }

  private ByteBuffer at(long address, long length, String signature) {
    return RawBlock.at(source, key, address, length, signature);
  }

  private static long number(ByteBuffer from, int bytes) {
    return RawBlock.number(from, bytes);
  }

  /** Bytes that hold every number up to {@code limit}. */
  private static int width(long limit) {
    return (63 - Long.numberOfLeadingZeros(Math.max(1, limit))) / 8 + 1;
  }

  private static int log2(long n) {
    return 63 - Long.numberOfLeadingZeros(n);
  }

  // --------------------------------------------------------------------------------- index

  /** The entries of the B-tree in its order. */
  private final class Index {
    private final int nodeSize;
    private final int recordSize;
    private final int depth;
    private final long root;
    private final int rootRecords;
    private final int countWidth;
    private final List<byte[]> out = new ArrayList<>();

    Index(long address) {
      ByteBuffer head = at(address, 22 + offsetSize + lengthSize, "BTHD");
      head.get();
      nodeSize = head.getInt();
      recordSize = head.getShort() & 0xffff;
      depth = head.getShort() & 0xffff;
      head.getShort();
      root = number(head, offsetSize);
      rootRecords = head.getShort() & 0xffff;
      if (recordSize <= HASH || nodeSize < 2 * recordSize + INDEX_OVERHEAD || depth > MAX_DEPTH) {
        throw source.bad(key, "has a damaged index");
      }
      countWidth = width((nodeSize - INDEX_OVERHEAD) / recordSize);
    }

    List<byte[]> heapIds() {
      if (root != NOWHERE) {
        visit(root, rootRecords, depth);
      }
      return out;
    }

    private void visit(long address, int records, int level) {
      ByteBuffer node = at(address, nodeSize, level == 0 ? "BTLF" : "BTIN");
      node.get();
      for (int i = 0; i < records; i++) {
        node.position(node.position() + HASH);
        byte[] id = new byte[recordSize - HASH];
        node.get(id);
        out.add(id);
      }
      if (out.size() > source.available() / recordSize) {
        throw source.bad(key, "has an index that refers to itself");
      }
      for (int i = 0; level > 0 && i <= records; i++) {
        long child = number(node, offsetSize);
        int n = (int) number(node, countWidth);
        node.position(node.position() + (level > 1 ? totalWidth(level - 1) : 0));
        visit(child, n, level - 1);
      }
    }

    /** Bytes of the number of entries below a node of that level. */
    private int totalWidth(int level) {
      long total = ((long) nodeSize - INDEX_OVERHEAD) / recordSize;
      int bytes = 0;
      for (int l = 1; l <= level; l++) {
        int pointer = offsetSize + countWidth + bytes;
        long most = ((long) nodeSize - INDEX_OVERHEAD - pointer) / ((long) recordSize + pointer);
        total = (most + 1) * total + most;
        bytes = width(total);
      }
      return bytes;
    }
  }

  // ---------------------------------------------------------------------------------- heap

  /** Blocks in rows; each row but the second has blocks twice as large as the row before. */
  private final class Heap {
    private final int addressBytes;
    private final int lengthBytes;
    private final long rowWidth;
    private final long first;
    private final int directRows;
    private final long root;
    private final int rootRows;
    private final Map<Long, ByteBuffer> blocks = new LinkedHashMap<>();

    Heap(long address) {
      ByteBuffer head = at(address, 26 + 12L * lengthSize + 3L * offsetSize, "FRHP");
      head.getShort();
      int filters = head.getShort();
      head.get();
      long mostManaged = head.getInt() & 0xffffffffL;
      head.position(head.position() + 10 * lengthSize + 2 * offsetSize);
      rowWidth = head.getShort() & 0xffff;
      first = number(head, lengthSize);
      long mostDirect = number(head, lengthSize);
      addressBytes = ((head.getShort() & 0xffff) + 7) / 8;
      head.getShort();
      root = number(head, offsetSize);
      rootRows = head.getShort() & 0xffff;
      lengthBytes = width(Math.min(mostDirect, mostManaged));
      boolean sound = rowWidth > 0 && first > 0 && mostDirect >= first && addressBytes <= 8;
      if (filters != 0 || !sound || root == NOWHERE) {
        throw source.bad(key, "keeps its members in a form that cannot be read here");
      }
      directRows = log2(mostDirect) - log2(first) + 2;
    }

    byte[] object(byte[] id) {
      ByteBuffer from = ByteBuffer.wrap(id).order(ByteOrder.LITTLE_ENDIAN);
      if ((from.get() & 0x30) != 0) {
        throw source.bad(key, "has a member whose name is too long to be read here");
      }
      long offset = number(from, addressBytes);
      long length = number(from, lengthBytes);
      return rootRows == 0
          ? inBlock(root, first, offset, length)
          : inRows(root, rootRows, offset, length, 0);
    }

    private byte[] inRows(long address, int rows, long offset, long length, int depth) {
      long line = rowWidth * first;
      int row = offset < line ? 0 : log2(offset / line) + 1;
      long size = row == 0 ? first : first << (row - 1);
      long start = row == 0 ? 0 : line << (row - 1);
      long column = (offset - start) / size;
      if (offset < 0 || row >= rows || depth > MAX_DEPTH) {
        throw source.bad(key, "refers to a member outside its heap; the file is damaged");
      }
      long entries = rows * rowWidth;
      int head = 5 + offsetSize + addressBytes;
      ByteBuffer block =
          blocks.computeIfAbsent(address, a -> at(a, head + entries * offsetSize + 4, "FHIB"));
      long child =
          number(
              block.duplicate().position(head + (int) (row * rowWidth + column) * offsetSize),
              offsetSize);
      long inside = offset - start - column * size;
      if (row < directRows) {
        return inBlock(child, size, inside, length);
      }
      return inRows(child, log2(size) - log2(line) + 1, inside, length, depth + 1);
    }

    private byte[] inBlock(long address, long size, long offset, long length) {
      if (length < 0 || offset < 0 || offset > size - length) {
        throw source.bad(key, "refers to a member outside its heap; the file is damaged");
      }
      byte[] out = new byte[(int) length];
      source.read(address + offset, ByteBuffer.wrap(out), key);
      return out;
    }
  }
}
