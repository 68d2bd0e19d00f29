/** A view that is loaded when it is first shown. */

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { words } from "../words";
import { Icon } from "./icon";

/**
 * `load` is called once; a failure can be tried again, as after a new version of the server. A dialog is
 * `silent`: until it is there, nothing stands in its place.
 */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, silent = false): (props: P) => JSX.Element {
  let loaded: ComponentType<P> | null = null;
  return function Later(props: P): JSX.Element {
    const [, redraw] = useState(0);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded !== null || failed) return;
      let current = true;
      load().then(
        (found) => {
          loaded = found;
          if (current) redraw(1);
        },
        () => current && setFailed(true),
      );
      return () => void (current = false);
    }, [failed]);
    const View = loaded;
    if (View !== null) return <View {...props} />;
    if (!failed && silent) return <></>;
    if (!failed) return <div class="void late-void" aria-busy="true">{words.start.opening}</div>;
    return (
      <div class="void">
        <Icon name="warn" size="l" />
        <p class="b6">{words.start.unreachable}</p>
        <p>{words.start.laterWhy}</p>
        <button class="btn sm" type="button" onClick={() => location.reload()}>{words.start.again}</button>
      </div>
    );
  };
}
