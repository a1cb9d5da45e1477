package dev.lookback.cell;

import dev.lookback.math.Barrier;
import dev.lookback.math.Part;
import dev.lookback.math.Partition;
import dev.lookback.math.Team;
import dev.lookback.math.Worker;
import java.util.List;

/** A cell's loops over the steps of a span, shared by the threads of a team. */
final class Loop {
  private final Linear linear;
  private final Forward forward;
  private final Backward backward;
  private final ForwardTask forwardTask = new ForwardTask();
  private final BackwardTask backwardTask = new BackwardTask();
  private Partition partition = new Partition(List.of(), false);
  private int lanes;
  private int threads;

  /** Computes a part of every step, first step first. */
  @FunctionalInterface
  interface Forward {
    void run(Span span, Tape tape, Worker worker, Part part, Barrier barrier);
  }

  /** Goes back over a part of every step, last step first. */
  @FunctionalInterface
  interface Backward {
    void run(Span span, Tape tape, Adjoint adjoint, Worker worker, Part part, Barrier barrier);
  }

  /** Loops whose steps multiply each lane by the recurrent weights of the linear half. */
  Loop(Linear linear, Forward forward, Backward backward) {
    this.linear = linear;
    this.forward = forward;
    this.backward = backward;
  }

  void forward(Span span, Tape tape, Team team) {
    forwardTask.span = span;
    forwardTask.tape = tape;
    team.run(partition(tape.lanes(), team), operations(span, tape), forwardTask);
  }

  void backward(Span span, Tape tape, Adjoint adjoint, Team team) {
    linear.prepareBack(team);
    backwardTask.span = span;
    backwardTask.tape = tape;
    backwardTask.adjoint = adjoint;
    team.run(partition(tape.lanes(), team), operations(span, tape), backwardTask);
  }

  private long operations(Span span, Tape tape) {
    return (long) span.steps() * tape.lanes() * linear.recurrentWeights();
  }

  private Partition partition(int lanes, Team team) {
    if (lanes != this.lanes || team.size() != threads) {
      partition = Partition.of(team, lanes, linear.hidden(), linear.recurrentWeights());
      this.lanes = lanes;
      this.threads = team.size();
    }
    return partition;
  }

  @SuppressWarnings("NullAway.Init") // set before every run
  private final class ForwardTask implements Team.StepTask {
    private Span span;
    private Tape tape;

    @Override
    public void run(Worker worker, Part part, Barrier barrier) {
      forward.run(span, tape, worker, part, barrier);
    }
  }

  @SuppressWarnings("NullAway.Init") // set before every run
  private final class BackwardTask implements Team.StepTask {
    private Span span;
    private Tape tape;
    private Adjoint adjoint;

    @Override
    public void run(Worker worker, Part part, Barrier barrier) {
      backward.run(span, tape, adjoint, worker, part, barrier);
    }
  }
}
