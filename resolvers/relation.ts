/** The type itself. Decorated fields of classes that refer to each other name it this way, or the modules could not load. */
export type Relation<T> = T;
