import { Type, type TSchema } from 'relpipe/plugin';

/** Docker's API writes what is empty as `null`. */
export const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

export const texts = Type.Record(Type.String(), Type.String());
