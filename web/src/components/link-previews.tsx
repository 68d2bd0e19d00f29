/** What pages say of themselves that a message links to. Strangers wrote it: it is shown as text, beside its host. */

import type { JSX } from "preact";
import type { LinkPreview, Message } from "../wire/types";
import { besideWords } from "../words/beside";
import { Icon } from "./icon";

interface LinkPreviewsProps {
  message: Message;
  mayRemove: boolean;
  onRemove(url: string): void;
}

export function LinkPreviews({ message, mayRemove, onRemove }: LinkPreviewsProps): JSX.Element | null {
  // What was kept in the browser by an earlier version of the page has none.
  const kept: readonly LinkPreview[] | undefined = message.link_previews;
  const links = message.is_deleted ? [] : (kept ?? []).filter((link) => hostOf(link) !== null);
  if (links.length === 0) return null;
  return (
    <div class="previews">
      {links.map((link) => (
        <div class="preview" key={link.url}>
          <span class="site">{siteOf(link)}</span>
          <a class="title" href={link.url} target="_blank" rel="noopener noreferrer nofollow"><bdi>{link.title}</bdi></a>
          {link.description !== "" && <p><bdi>{link.description}</bdi></p>}
          {mayRemove && <button class="ib" type="button" title={besideWords.links.remove(siteOf(link))} aria-label={besideWords.links.remove(siteOf(link))} onClick={() => onRemove(link.url)}><Icon name="x" size="s" /></button>}
        </div>
      ))}
    </div>
  );
}

/** Null for what is no page of the web: then nothing is shown, whatever the server has sent. */
export function hostOf(link: Pick<LinkPreview, "url">): string | null {
  try {
    const url = new URL(link.url);
    return url.protocol === "https:" || url.protocol === "http:" ? url.host : null;
  } catch {
    return null;
  }
}

/** What the site calls itself, and always where it is in truth. */
export function siteOf(link: Pick<LinkPreview, "url" | "site_name">): string {
  const host = hostOf(link) ?? "";
  return link.site_name === "" || link.site_name === host ? host : `${link.site_name} · ${host}`;
}
