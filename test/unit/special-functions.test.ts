import { describe, expect, it } from 'vitest';
import {
  chiSquareQuantile,
  chiSquareTail,
  logGamma,
  logIncompleteBeta,
  logLowerGamma,
  logNormalCdf,
  logUpperGamma,
  normalQuantile,
  studentCdf,
  studentQuantile,
} from '../../shared/base/special-functions';

// Expected values: computed with 30 digits (mpmath), in float64.

function expectRelative(value: number, expected: number, room = 1e-12): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(room * Math.max(Math.abs(expected), 1e-3));
}

describe('gamma and beta functions', () => {
  it.each([
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247001],
    [1, 0],
    [1.5, -0.12078223763524522],
    [7, 6.579251212010101],
    [100.25, 360.28455963776423],
    [1e6, 12815504.569147613],
  ])('ln Gamma(%f)', (x, expected) => expectRelative(logGamma(x), expected));

  it.each([
    [0.5, 0.1, -1.0634020471545287, -0.4235463234759657],
    [3, 2, -1.1291016497509285, -0.3905620875658996],
    [10, 30, -7.121776222603657e-6, -11.852356955071915],
    [250, 260, -0.3002804094255605, -1.349424552996373],
  ])('incomplete gamma of %f at %f, both sides', (a, x, lower, upper) => {
    expectRelative(logLowerGamma(a, x), lower, 1e-11);
    expectRelative(logUpperGamma(a, x), upper, 1e-11);
  });

  it.each([
    [0.5, 0.5, 0.3, -0.9969312110207781],
    [2, 3, 0.5, -0.3746934494414107],
    [100, 3, 0.9, -6.417014390970156],
    [300, 700, 0.35, -0.00038419138687079054],
    [5, 0.5, 0.999, -0.08090425392189893],
  ])('incomplete beta of %f, %f at %f', (a, b, x, expected) =>
    expectRelative(logIncompleteBeta(a, b, x), expected, 1e-11),
  );

  it.each([
    ['gamma at zero', logGamma(0)],
    ['incomplete gamma below zero', logUpperGamma(1, -1)],
    ['incomplete beta beyond one', logIncompleteBeta(1, 1, 1.1)],
    ['a quantile of no probability', normalQuantile(1.5)],
    ['chi-square without freedom', chiSquareQuantile(0.5, 0)],
    ['t of an unknown', studentCdf(Number.NaN, 3)],
  ])('%s is not a number', (_, value) => expect(value).toBeNaN());
});

describe('distributions', () => {
  it.each([
    [-50, -1254.8313611394199],
    [-8, -35.01343715991455],
    [-1.5, -2.7059444008238898],
    [0, -Math.LN2],
    [1, -0.17275377902344988],
    [3, -0.0013508099647481938],
  ])('ln Phi(%f), far out in the tail too', (z, expected) => expectRelative(logNormalCdf(z), expected));

  it.each([
    [1e-20, -9.262340089798153],
    [1e-6, -4.753424308822899],
    [0.025, -1.9599639845400543],
    [0.3, -0.5244005127080408],
    [0.5, 0],
    [0.75, 0.6744897501960817],
    [0.999, 3.0902323061678136],
    [0, Number.NEGATIVE_INFINITY],
    [1, Number.POSITIVE_INFINITY],
  ])('normal quantile of %f', (probability, expected) => {
    if (Number.isFinite(expected)) expectRelative(normalQuantile(probability), expected);
    else expect(normalQuantile(probability)).toBe(expected);
  });

  it.each([
    [3.84, 1, 0.050043521248705106],
    [18.2, 7, 0.011099501025185362],
    [400, 252, 8.167491794935144e-9],
  ])('chi-square beyond %f of %i', (x, freedom, expected) =>
    expect(chiSquareTail(x, freedom) / expected).toBeCloseTo(1, 10),
  );

  it.each([
    [0.025, 2, 0.05063561596857975],
    [0.025, 6, 1.2373442457912025],
    [0.975, 6, 14.449375335447922],
    [0.975, 251, 296.77625836435794],
  ])('chi-square quantile %f of %i', (p, freedom, expected) => expectRelative(chiSquareQuantile(p, freedom), expected));

  it.each([
    [-2, 5, 0.05096973941492918],
    [1.3, 2.7, 0.8532736781480773],
    [0, 4, 0.5],
    [-12, 3, 0.0006225079003946683],
    [2, 1e4, 0.9772363696692823],
  ])('t of %f with %f', (t, freedom, expected) => expect(studentCdf(t, freedom) / expected).toBeCloseTo(1, 10));

  it.each([
    [0.975, 10, 2.228138851986275],
    [0.95, 2.5, 2.5582186141359364],
    [0.025, 6000, -1.9603594414930106],
  ])('t quantile %f of %f', (p, freedom, expected) => expectRelative(studentQuantile(p, freedom), expected));
});
