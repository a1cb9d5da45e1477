package dev.lookback.schedule;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * A plan's actions, one after the other. It holds what is still to do: a task for each state and
 * each tape that is kept.
 */
final class Walk implements Iterator<Action> {
  private final Fewest fewest;
  private final Deque<Task> tasks = new ArrayDeque<>();

  private sealed interface Task {}

  private record Do(Action action) implements Task {}

  /** Go back through a part whose first block is {@code from}. */
  private record Open(int from, Part part) implements Task {}

  /** The same, from the stored state that enters it; then nothing needs that state any more. */
  private record Reopen(int from, Part part) implements Task {}

  Walk(Fewest fewest, Part whole) {
    this.fewest = fewest;
    tasks.push(new Open(0, whole));
  }

  @Override
  public boolean hasNext() {
    return !tasks.isEmpty();
  }

  @Override
  public Action next() {
    while (!tasks.isEmpty()) {
      Task task = tasks.pop();
      if (task instanceof Do todo) {
        return todo.action();
      } else if (task instanceof Reopen again) {
        reopen(again.from(), again.part());
      } else if (task instanceof Open open) {
        open(open.from(), open.part());
      }
    }
    throw new NoSuchElementException("the plan has no more actions");
  }

  // Tasks are pushed last first.
  private void open(int from, Part part) {
    long y = fewest.advance(part);
    if (part.keepsTapeOrState() && y == 0) {
      tape(from, part);
    } else if (part.keepsTapeOrState()) {
      tasks.push(new Reopen(from, fewest.before(part, y)));
      advance(from, part, y);
      tasks.push(new Do(new Action.Store(from)));
    } else if (y == 0) {
      tasks.push(new Open(from, fewest.behind(part, y)));
    } else {
      tasks.push(new Open(from, fewest.before(part, y)));
      tasks.push(new Do(new Action.Restore(from)));
      advance(from, part, y);
    }
  }

  private void reopen(int from, Part part) {
    long y = fewest.advance(part);
    if (y == 0) {
      tape(from, part);
      tasks.push(new Do(new Action.Discard(from)));
    } else {
      // It would be stored again at once, so it stays.
      tasks.push(new Reopen(from, fewest.before(part, y)));
      advance(from, part, y);
    }
    tasks.push(new Do(new Action.Restore(from)));
  }

  private void tape(int from, Part part) {
    tasks.push(new Do(new Action.Back(from)));
    if (part.blocks() > 1) {
      tasks.push(new Open(from + 1, fewest.behindFirst(part)));
    }
    tasks.push(new Do(new Action.Tape(from)));
  }

  private void advance(int from, Part part, long y) {
    int to = from + (int) y;
    tasks.push(new Open(to, fewest.behind(part, y)));
    tasks.push(new Do(new Action.Advance(from, to)));
  }
}
