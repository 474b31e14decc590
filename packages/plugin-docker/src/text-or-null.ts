import { Type } from 'relpipe/plugin';

export const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });
