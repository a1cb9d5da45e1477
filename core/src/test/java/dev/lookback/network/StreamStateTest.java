package dev.lookback.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.network.StreamCase.Form;
import dev.lookback.network.StreamCase.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** A stream's state as a value and as bytes. */
class StreamStateTest {
  private static final String DO = ". Pass the bytes of a snapshot, or let the stream begin again";

  private static StreamState state(Kind kind, int layers) {
    StreamCase c = StreamCase.of(kind, layers, Form.ONE_HOT, 1, 9);
    StreamPredictor<Integer> predictor = StreamPredictor.of(c.network(), c.weights());
    c.steps(predictor, 0, 0, 9);
    return predictor.snapshot(0).orElseThrow();
  }

  @Test
  void comesBackFromItsBytes() {
    for (Kind kind : Kind.values()) {
      StreamState state = state(kind, 3);
      StreamState back = StreamState.of(state.bytes());
      assertThat(back).isEqualTo(state).hasSameHashCodeAs(state);
      assertThat(back.numbers()).isEqualTo(state.numbers());
      assertThat(back).isNotEqualTo(state(kind, 2));
    }
    assertThat(state(Kind.LSTM, 2)).hasToString("StreamState[2 x 17, 2 x 14]");
    // h of two layers, whatever goes on in it afterwards.
    StreamState state = state(Kind.GRU, 2);
    state.numbers()[0] = 5;
    assertThat(state.numbers()).hasSize(31).doesNotContain(5);
  }

  @Test
  void everyDamageIsFound() {
    byte[] whole = state(Kind.GRU, 1).bytes();
    for (int i = 0; i < whole.length; i++) {
      byte[] cut = Arrays.copyOf(whole, i);
      assertThatThrownBy(() -> StreamState.of(cut))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("this is no state of a stream: it is ")
          .hasMessageEndingWith(DO);
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = whole.clone();
        flipped[i] ^= (byte) (1 << bit);
        assertThatThrownBy(() -> StreamState.of(flipped))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageEndingWith(DO);
      }
    }
  }

  // The checksum is right, and what it vouches for is not.
  @Test
  void claimsAreNotBelieved() {
    refused("of version 2, and this library reads version 1", 2, 1, 1, 1, 0);
    refused("said to be of -1 layers, which 24 bytes are not", 1, -1, 1, 1);
    refused("said to be of 1000000000 layers, which 24 bytes are not", 1, 1_000_000_000, 1, 1);
    refused("said to have a layer of -1 x -4 numbers", 1, 1, -1, -4, 0, 0, 0, 0);
    refused("said to be [65536 x 65537] but has 4 bytes of that", 1, 1, 65536, 65537, 0);
    refused(
        "said to be [2147483647 x 2147483647, 2147483647 x 2147483647] but has 0 bytes of that",
        1,
        2,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE);
    refused("said to be [1 x 3] but has 8 bytes of that", 1, 1, 1, 3, 0, 0);
  }

  private static void refused(String found, int... numbers) {
    byte[] bytes = bytes(numbers);
    assertThatThrownBy(() -> StreamState.of(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("this is no state of a stream: it is " + found + DO);
  }

  private static byte[] bytes(int... numbers) {
    ByteBuffer out = ByteBuffer.allocate(8 + 4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {'L', 'B', 'S', 'T'});
    for (int number : numbers) {
      out.putInt(number);
    }
    CRC32 crc = new CRC32();
    crc.update(out.array(), 0, out.position());
    return out.putInt((int) crc.getValue()).array();
  }

  @Test
  void anotherNetworkRefusesIt() {
    StreamCase c = StreamCase.of(Kind.LSTM, 2, Form.ONE_HOT, 1, 1);
    StreamPredictor<Integer> predictor = StreamPredictor.of(c.network(), c.weights());
    assertThatThrownBy(() -> predictor.restore(0, state(Kind.GRU, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the state is [1 x 17, 1 x 14] but the network needs [2 x 17, 2 x 14]: restore states"
                + " of the same model only");
    int nan = Float.floatToIntBits(Float.NaN);
    StreamCase one = StreamCase.of(Kind.GRU, 1, Form.ONE_HOT, 1, 1);
    int[] numbers = new int[4 + 17];
    System.arraycopy(new int[] {1, 1, 1, 17}, 0, numbers, 0, 4);
    numbers[6] = nan;
    StreamPredictor<Integer> other = StreamPredictor.of(one.network(), one.weights());
    assertThatThrownBy(() -> other.restore(0, StreamState.of(bytes(numbers))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the state holds NaN at place 2 but only finite numbers can be used: reset the stream");
    assertThat(other.size()).isZero();
  }
}
