/** The zone a format reads its naive times in, with what the user must be told about it. */
import { FailureError, failure } from '../../../../shared/base/errors';
import type { ImportQuestion } from '../../../../shared/contract/calls';
import type { ReadContext } from '../format';
import { zoneOfName } from '../questions';
import { parseZone, utcZone, type Zone, type ZoneChoice } from '../times';

/**
 * The zone the format fixes, else the one the user named, else the one the file's name states, else UTC; the last two are asked about
 * and told as assumed once a time is met that does not say its zone.
 * @param fixedZone what the format documents for its naive times; null = it does not say
 */
export function zoneChoice(context: ReadContext, fixedZone: Zone | null): ZoneChoice {
  const named = context.zone === null ? null : namedZone(context.zone);
  if (fixedZone !== null && named !== null && named.name !== fixedZone.name) {
    context.warn(`The times of this format are always ${fixedZone.name}; the zone ${named.name} is not applied.`);
  }
  const assumed = context.zone === null && fixedZone === null;
  const guess = assumed ? zoneOfNames(context.names ?? []) : null;
  const zone = fixedZone ?? named ?? guess?.zone ?? utcZone;
  const read = `read as ${zone.name}${guess === null ? '' : ', as the name of the file says'}`;
  const naive = `The times do not say their zone and are ${read}; name the zone if they are not.`;
  const question: ImportQuestion = {
    field: 'zone',
    message: `The times do not say their zone. They are ${read}.`,
    assumed: zone.name,
    options: [
      ...(guess === null ? [] : [{ value: zone.name, reason: `the file is named "${guess.name}"` }]),
      { value: utcZone.name, reason: 'most logs are written in UTC' },
    ],
  };
  const repeated = `Some times fall into the hour that the clocks of ${zone.name} show twice in autumn; they are read as the first of the two.`;
  return {
    zone,
    dateOrder: context.dateOrder ?? null,
    ...(assumed && {
      onNaive: () => {
        context.warn(naive);
        context.ask?.(question);
      },
    }),
    onRepeated: () => context.warn(repeated),
  };
}

function zoneOfNames(names: readonly string[]): { readonly zone: Zone; readonly name: string } | null {
  for (const name of names) {
    const stated = zoneOfName(name);
    const zone = stated === null ? null : parseZone(stated);
    if (zone !== null) return { zone, name };
  }
  return null;
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
