/** The zone a format reads its naive times in, with what the user must be told about it. */
import { FailureError, failure } from '../../../../shared/base/errors';
import type { ReadContext } from '../format';
import { parseZone, utcZone, type Zone, type ZoneChoice } from '../times';

/**
 * The zone the format fixes, else the one the user named, else UTC with a warning that it was assumed.
 * @param fixedZone what the format documents for its naive times; null = it does not say
 */
export function zoneChoice(context: ReadContext, fixedZone: Zone | null): ZoneChoice {
  const named = context.zone === null ? null : namedZone(context.zone);
  if (fixedZone !== null && named !== null && named.name !== fixedZone.name) {
    context.warn(`The times of this format are always ${fixedZone.name}; the zone ${named.name} is not applied.`);
  }
  const zone = fixedZone ?? named ?? utcZone;
  const assumed = context.zone === null && fixedZone === null;
  let told = false;
  let repeatedTold = false;
  return {
    zone,
    ...(assumed && {
      onNaive: () => {
        if (told) return;
        told = true;
        context.warn('The times do not say their zone and are read as UTC; name the zone if they are not.');
      },
    }),
    onRepeated: () => {
      if (repeatedTold) return;
      repeatedTold = true;
      context.warn(
        `Some times fall into the hour that the clocks of ${zone.name} show twice in autumn; they are read as the first of the two.`,
      );
    },
  };
}

/** The zone of that name, or a failure that says how zones are written. */
export function namedZone(name: string): Zone {
  const zone = parseZone(name);
  if (zone !== null) return zone;
  throw new FailureError(
    failure(
      'invalid-arguments',
      `"${name}" is no time zone.`,
      'Give an IANA name such as Europe/Berlin, UTC, or an offset such as +05:30.',
      { zone: name },
    ),
  );
}
