/** `POST /api/files`: what a field or a document then names by its id. `GET /api/files/:id` answers the file itself. */
export type FileView = { readonly id: number; readonly name: string; readonly sizeBytes: number }
