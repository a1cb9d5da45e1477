package dev.lookback.train;

/**
 * What one weight update was.
 *
 * @param number 1, 2, ...
 * @param epoch 0, 1, ...
 * @param lastOfEpoch whether the data's next window begins another epoch
 * @param steps T of its window
 * @param tokens T * B, the predictions that were learned from
 * @param loss the window's mean loss before the update
 * @param gradientNorm |g| before clipping
 * @param clipped whether the gradient was shortened
 * @param longestSegment the most steps a sweep had to remember
 */
public record Update(
    long number,
    long epoch,
    boolean lastOfEpoch,
    int steps,
    long tokens,
    double loss,
    double gradientNorm,
    boolean clipped,
    int longestSegment) {}
